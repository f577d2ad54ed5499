import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidTemplateError } from '../../src/errors.ts';
import type { Json, JsonObject } from '../../src/event-log/event.ts';
import { filterNames } from '../../src/templates/filters.ts';
import { parseTemplate, TEMPLATE_LIMIT } from '../../src/templates/parse-template.ts';
import { predicateNames } from '../../src/templates/predicates.ts';
import { renderTemplate } from '../../src/templates/render.ts';

describe('a template that is none is refused with the place and the reason', () => {
  it.each([
    ['{{ name', 'line 1, column 1: {{ is not closed'],
    ['Hi {% if a', 'line 1, column 4: {% is not closed'],
    ['{# forever', 'line 1, column 1: {# has no #}'],
    ['{% raw %} {{ x }}', 'line 1, column 1: {% raw %} has no {% endraw %}'],
    ['{{ }}', 'line 1, column 4: something is missing here'],
    ['{{ a b }}', 'line 1, column 6: b was not expected'],
    ['one\ntwo 🙂 {{ a ? b }}', 'line 2, column 12: ? means nothing here'],
    ["{{ 'open }}", 'line 1, column 4: the text in quotes is not closed'],
    ['{{ a. }}', 'line 1, column 7: the name of a field is missing here'],
    ['{{ a["b" }}', 'line 1, column 10: ] is missing here'],
    ['{{ (a }}', 'line 1, column 7: ) is missing here'],
    ['{{ a + }}', 'line 1, column 8: something is missing here'],
    ['{{ and }}', 'line 1, column 4: and was not expected'],
    ['{{ a|frobnicate }}', 'line 1, column 6: there is no filter frobnicate'],
    ['{{ a|round(1, 2, 3) }}', 'line 1, column 18: round does not take this'],
    ['{{ a|join(sep=", ") }}', 'line 1, column 11: join does not take this'],
    ['{{ a|join(",", d=";") }}', 'line 1, column 16: join is given this twice'],
    ['{{ a is frobnicated }}', 'line 1, column 9: nothing can be "is frobnicated"'],
    ['{{ a is divisibleby(1, 2) }}', 'line 1, column 9: is divisibleby takes 1 values'],
    ['{{ name.upper() }}', 'line 1, column 14: only range can be called; use a filter'],
    ['{{ cycler(1) }}', 'line 1, column 10: only range can be called; use a filter'],
    ['{{ range() }}', 'line 1, column 4: range takes 1 to 3 numbers'],
    ['{% if a %}x', 'line 1, column 1: if has no endif'],
    ['{% if a %}x{% else %}y{% elif b %}z{% endif %}', 'there is no statement elif here'],
    ['{% else %}', 'line 1, column 1: there is no statement else here'],
    ['{% for x of a %}{% endfor %}', 'line 1, column 10: in is missing here'],
    ['{% for x in a %}{{ x }}{% endif %}', 'line 1, column 24: there is no statement endif here'],
    ['{% for loop in a %}{% endfor %}', 'line 1, column 8: loop cannot be a name here'],
    ['{% set true = 1 %}', 'line 1, column 8: true cannot be a name here'],
    ['{% set a %}x{% endset %}', 'line 1, column 10: = is missing here'],
    ['{% include "other" %}', 'line 1, column 1: there is no statement include here'],
    ['{% macro m() %}{% endmacro %}', 'line 1, column 1: there is no statement macro here'],
    ['{{ a **b }}', 'line 1, column 7: * was not expected'],
    [`{{ ${'9'.repeat(400)} }}`, 'line 1, column 4: this number is too large'],
    [`{{ ${'('.repeat(51)}1${')'.repeat(51)} }}`, 'brackets nest deeper than 50'],
    [`{{ ${'['.repeat(51)}1${']'.repeat(51)} }}`, 'brackets nest deeper than 50'],
    [`${'{% if a %}'.repeat(51)}${'{% endif %}'.repeat(51)}`, 'blocks nest deeper than 50'],
    [`{{ 1${'+1'.repeat(300)} }}`, 'it is longer than 500 words'],
    ['x'.repeat(TEMPLATE_LIMIT + 1), `it is longer than ${TEMPLATE_LIMIT} characters`],
  ])('%j', (source, reason) => {
    expect(() => parseTemplate(source)).toThrow(InvalidTemplateError);
    expect(() => parseTemplate(source)).toThrow(reason);
  });

  it('and no more of it than a person reads', () => {
    const refuse = () => parseTemplate('🙂'.repeat(5_000) + '{{');
    expect(refuse).toThrow(/^value: "(🙂){200}…" is no template \(line 1, column 5001: /u);
  });
});

it('docs/templates.md names every filter and everything that can be said with "is"', () => {
  const text = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8');
  const namesIn = (row: RegExp) => row.exec(text)?.[1]?.split(' ');
  expect(namesIn(/^\| filters +\| `([^`]+)`/m)).toEqual(filterNames);
  expect(namesIn(/^\| `is` +\| `([^`]+)`/m)).toEqual(predicateNames);
});

describe('names that a template needs from outside', () => {
  it.each([
    ['Hello.', []],
    ['{{ name }}, {{ name|upper }}', ['name']],
    ['{{ std.customer.name }} {{ order.items[index].price }}', ['std', 'order', 'index']],
    ['{{ größe }} {{ 名前.値 }} {{ _x1 }}', ['größe', '名前', '_x1']],
    [
      '{% if a and not b.c or d in [e, "f"] %}{{ g }}{% elif h is defined %}{% else %}{{ i }}{% endif %}',
      'a b d e g h i'.split(' '),
    ],
    [
      '{{ a|default(b) }} {{ c|join(d, attribute="x") }} {{ e is divisibleby f }} {{ g[h] }}',
      'a b c d e f g h'.split(' '),
    ],
    [
      '{{ a if b else c }} {{ -d }} {{ e < f < g }} {{ range(h) }} {{ i ~ j }}',
      'b a c d e f g h i j'.split(' '),
    ],
    ['{% for x in xs %}{{ loop.index }}{{ x.y }}{{ z }}{% endfor %}', ['xs', 'z']],
    ['{% for k, v in o|items if v > low %}{{ k }}{% else %}{{ k }}{% endfor %}', ['o', 'low', 'k']],
    ['{% for x in xs %}{% endfor %}{{ x }}{{ loop }}', ['xs', 'x', 'loop']],
    ['{% for x in x %}{{ x }}{% endfor %}', ['x']],
    ['{% set a = b %}{{ a }}', ['b']],
    ['{{ a }}{% set a = 1 %}{{ a }}', ['a']],
    ['{% set a = a %}', ['a']],
    ['{% if x %}{% set a = 1 %}{% endif %}{{ a }}', ['x', 'a']],
    ['{% if x %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}{{ a }}', ['x']],
    ['{% for x in xs %}{% set a = x %}{{ a }}{% endfor %}{{ a }}', ['xs', 'a']],
    ['{{ true }}{{ None }}{{ range(3) }}{{ "a.b" }}{# {{ c }} #}{% raw %}{{ d }}{% endraw %}', []],
    ['{{ range }}', ['range']],
    ['{{ constructor }}{{ __proto__ }}', ['constructor', '__proto__']],
  ])('%s', (source, names) => {
    expect(parseTemplate(source).undeclaredNames).toEqual(names);
  });
});

describe('fields that a model is asked for', () => {
  it.each([
    ['{{generative.answer}}', ['answer']],
    ['{{ generative.a }}{{generative.b|upper}}{{generative.a}}', ['a', 'b']],
    ['{% if generative.a == "x" %}{{ generative["the b"] }}{% endif %}', ['a', 'the b']],
    ['{% for generative in list %}{{ generative.a }}{% endfor %}', []],
    ['{{ generative }}{{ other.generative.a }}{{ "generative.a" }}', []],
  ])('%s', (source, names) => {
    expect(parseTemplate(source).generativeFields).toEqual(names);
  });
});

/** What templates are made of, put together at random: it gets further into the parser than any text. */
const fragment = fc.constantFrom(
  ...'{{ }} {% %} {# #} - {%- -%} {%raw%} {%endraw%} {%if(a)%} {%else%} {%endif%} {%endfor%} elif in is not or'.split(
    ' ',
  ),
  ...'a b.c |upper |join( |default( ( ) [ ] , . " \' \\ 1 1.5 == // range(9) {{a}} ~ = 🙂 é \ud800 \n'.split(
    ' ',
  ),
  ' ',
  '{% for x in a %}',
  '{% set a = ',
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fragment, { maxLength: 40 }).map((fragments) => fragments.join('')),
);

describe('any text', () => {
  it('is a template that can be filled in, or is refused as none', () => {
    fc.assert(
      fc.property(anyText, fc.jsonValue(), (source, value) => {
        const rendered = renderIfTemplate(source, { a: value as Json, b: { c: value as Json } }); // as it says
        expect([undefined, 'text', 'missing', 'failed']).toContain(rendered?.kind);
      }),
      { numRuns: 3_000 },
    );
  });

  it('without braces stands for itself', () => {
    const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('{') && !each.endsWith('\n'));
    fc.assert(
      fc.property(text, (source) => {
        expect(renderTemplate(parseTemplate(source), {})).toEqual({ kind: 'text', text: source });
      }),
    );
  });
});

/** Undefined: it was refused. Anything else that is thrown fails the test. */
function renderIfTemplate(source: string, values: JsonObject) {
  try {
    return renderTemplate(parseTemplate(source), values);
  } catch (error) {
    if (error instanceof InvalidTemplateError) return undefined;
    throw error;
  }
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/event-log/event.ts';
import { parseTemplate } from '../../src/templates/parse-template.ts';
import { renderTemplate } from '../../src/templates/render.ts';

const render = (source: string, values: JsonObject = {}) => renderTemplate(parseTemplate(source), values);

const values = {
  name: 'ada LOVELACE',
  plan: 'business',
  blank: '',
  zero: 0,
  count: 3,
  price: 12.345,
  yes: true,
  empty: [],
  tags: ['b', 'a', 'b'],
  order: {
    id: 'A-1',
    'delivery date': 'Monday',
    items: [
      { title: 'pen', price: 2 },
      { title: 'ink', price: 7.5 },
    ],
  },
  std: { customer: { name: 'Ada' }, variables: { nickname: null } },
};

describe('a template is filled in', () => {
  it.each([
    ['Hello {{std.customer.name}}!', 'Hello Ada!'],
    ['The {{ plan|capitalize }} plan.', 'The Business plan.'],
    [
      '{{ name|capitalize }} {{ name|title }} {{ name|upper }} {{ name|lower }}',
      'Ada lovelace Ada Lovelace ADA LOVELACE ada lovelace',
    ],
    ['{{ "o\'neill-smith (jr)"|title }}', "O'neill-Smith (Jr)"],
    [
      '[{{ "  x "|trim }}] {{ "ab"|replace("a", "c") }} {{ "🙂🙂🙂"|truncate(2) }} {{ "ab"|truncate(2) }}',
      '[x] cb 🙂🙂… ab',
    ],
    [
      '{{ order.id }} {{ order["delivery date"] }} {{ order.items.0.title }} {{ order.items[-1].title }}',
      'A-1 Monday pen ink',
    ],
    [
      '{{ tags|join(", ") }} {{ tags|join }} {{ order.items|join(" + ", attribute="title") }}',
      'b, a, b bab pen + ink',
    ],
    [
      '{{ tags|length }} {{ "añ🙂"|length }} {{ empty|length }} {{ order.none|length }} {{ tags|count }}',
      '3 3 0 0 3',
    ],
    [
      '{{ price|round }} {{ price|round(2) }} {{ price|round(1, "floor") }} {{ price|round(method="ceil") }} {{ -2.5|round }}',
      '12 12.35 12.3 13 -3',
    ],
    [
      '{{ std.variables.nickname|default("you") }} {{ order.none|d("none") }} {{ blank|default("-", true) }}|{{ blank|default("-") }}',
      'you none -|',
    ],
    [
      '{{ tags|first }} {{ tags|last }} {{ tags|sort|join }} {{ tags|sort(reverse=true)|join }} {{ tags|unique|join }} {{ tags|reverse|join }}',
      'b b abb bba ba bab',
    ],
    [
      '{{ order.items|map(attribute="price")|sum }} {{ [3, 1, 2]|min }} {{ [3, 1, 2]|max }} {{ -3|abs }}',
      '9.5 1 3 3',
    ],
    [
      '{{ "12.7"|int }} {{ "x"|int(5) }} {{ "1.5"|float + 1 }} {{ 5|string ~ "!" }} {{ "ab"|list|join("-") }}',
      '12 5 2.5 5! a-b',
    ],
    [
      '{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 7 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ "a" + "b" }} {{ 1 ~ 2 }}',
      '7 9 3.5 3 -4 2 ab 12',
    ],
    ['{{ yes }} {{ [1, "a", none] }} {{ order.items[0] }}', 'true [1,"a",null] {"title":"pen","price":2}'],
    ['{{ "it\'s" }} {{ \'a "b" \\\' \\\\ \\n|\' }}', 'it\'s a "b" \' \\ \n|'],
  ])('%s', (source, text) => {
    expect(render(source, values)).toEqual({ kind: 'text', text });
  });
});

describe('a template decides', () => {
  it.each([
    ['{% if count > 2 %}many{% elif count == 1 %}one{% else %}none{% endif %}', 'many'],
    ['{% if zero %}a{% elif blank %}b{% elif empty %}c{% elif order.none %}d{% else %}e{% endif %}', 'e'],
    ['{% if zero %}a{% endif %}.', '.'],
    [
      '{{ "a" in tags }} {{ "z" not in tags }} {{ "id" in order }} {{ "da" in name }} {{ not yes }}',
      'true true true true false',
    ],
    [
      '{{ 1 < count <= 3 }} {{ "a" < "b" }} {{ count != 3 }} {{ tags == ["b", "a", "b"] }}',
      'true true false true',
    ],
    ['{{ yes and plan }} {{ zero or plan }} {{ blank or order.none or "x" }}', 'business business x'],
    ['{{ "yes" if yes else "no" }} {{ "yes" if zero else "no" }}{{ "only" if zero }}', 'yes no'],
    [
      '{{ order.id is defined }} {{ order.x is defined }} {{ order.x.y.z is undefined }} {{ std.variables.nickname is none }}',
      'true false true true',
    ],
    [
      '{{ count is odd }} {{ zero is even }} {{ 9 is divisibleby 3 }} {{ count is not string }} {{ price is float }} {{ count is in [3] }}',
      'true true true true true true',
    ],
    [
      '{{ order is mapping }} {{ tags is sequence }} {{ name is iterable }} {{ count is integer }} {{ yes is boolean }} {{ yes is true }}',
      'true true true true true true',
    ],
  ])('%s', (source, text) => {
    expect(render(source, values)).toEqual({ kind: 'text', text });
  });
});

describe('a template repeats', () => {
  it.each([
    [
      '{% for tag in tags %}{{ loop.index }}{{ tag }}{% if not loop.last %}, {% endif %}{% endfor %}',
      '1b, 2a, 3b',
    ],
    ['{% for item in order.items if item.price > 5 %}{{ item.title }}{{ loop.length }}{% endfor %}', 'ink1'],
    ['{% for x in empty %}x{% else %}nothing{% endfor %}', 'nothing'],
    ['{% for x in order.none %}x{% else %}nothing{% endfor %}', 'nothing'],
    ['{% for k, v in order.items[0]|items %}{{ k }}={{ v }};{% endfor %}', 'title=pen;price=2;'],
    ['{% for k in order.items[0] %}{{ k }} {% endfor %}', 'title price '],
    [
      '{% for i in range(3) %}{{ i }}{% endfor %} {% for i in range(5, 1, -2) %}{{ i }}{% endfor %}',
      '012 53',
    ],
    [
      '{% for a in [1, 2] %}{% for b in [3, 4] %}{{ a }}{{ b }}{{ loop.index0 }} {% endfor %}{{ loop.index }};{% endfor %}',
      '130 141 1;230 241 2;',
    ],
    [
      '{% set total = 1 %}{% for i in [1, 2] %}{% set total = total + i %}{{ total }}{% endfor %}{{ total }}',
      '231',
    ],
    ['{% set a = 1 %}{% if yes %}{% set a = 2 %}{% endif %}{{ a }}', '2'],
  ])('%s', (source, text) => {
    expect(render(source, values)).toEqual({ kind: 'text', text });
  });
});

describe('white space', () => {
  it.each([
    ['a {{ 1 }} b', 'a 1 b'],
    ['a {{- 1 -}} b', 'a1b'],
    ['a\n{%- if true -%}\n  b\n{%- endif -%}\n c', 'abc'],
    ['a {# no -#} b {#- no #} c', 'a b c'],
    ['a {% raw %}{{ x }} {%{% endraw %} b', 'a {{ x }} {% b'],
    ['a {%- raw -%} {{ x }} {%- endraw -%} b', 'a{{ x }}b'],
    ['a\n', 'a'],
    ['a\n\n', 'a\n'],
    ['}} a { b %} c #} {', '}} a { b %} c #} {'],
  ])('%j', (source, text) => {
    expect(render(source)).toEqual({ kind: 'text', text });
  });
});

describe('a field that is not there', () => {
  it.each([
    ['{{ nobody }}', ['nobody']],
    ['{{ a }} and {{ b }} and {{ plan }}', ['a', 'b']],
    ['{% if zero %}{{ nobody }}{% endif %}', ['nobody']],
    ['{{ nobody|default("x") }}', ['nobody']],
    ['{{ std.variables.phone }}', ['std.variables.phone']],
    ['{{ std.variables.nickname }}', ['std.variables.nickname']],
    ['{{ order.none.at.all|upper }}', ['order.none.at.all|upper']],
    ['{{ "n: " ~ order.none }}', ['"n: " ~ order.none']],
    ['{{ order.none + 1 }}', ['order.none + 1']],
    ['{% if order.none > 1 %}x{% endif %}', ['order.none > 1']],
    ['{% for x in range(order.none) %}x{% endfor %}', ['range(order.none)']],
    ['{{ tags[7] }}', ['tags[7]']],
    ['{{ empty|first }}', ['empty|first']],
    ['{{ none }}', ['none']],
    ['{{ name.length }}', ['name.length']],
  ])('is said to be missing, and never shown: %s', (source, fields) => {
    expect(render(source, values)).toEqual({ kind: 'missing', fields });
  });

  it('may be null, and what JavaScript objects have of their own is not there', () => {
    expect(render('{{ a }}', { a: null })).toEqual({ kind: 'missing', fields: ['a'] });
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(render(`{{ ${name} }}`)).toEqual({ kind: 'missing', fields: [name] });
      expect(render(`{{ a.${name} }}`, { a: {} })).toEqual({ kind: 'missing', fields: [`a.${name}`] });
      expect(render(`{{ a["${name}"].x }}`, { a: 'text' })).toMatchObject({ kind: 'missing' });
      expect(render(`{{ a["${name}"] is defined }}`, { a: [1] })).toEqual({ kind: 'text', text: 'false' });
    }
  });

  it('is there when a value has such a name itself', () => {
    const own = JSON.parse(
      '{"__proto__": "a", "o": {"constructor": "b", "__proto__": {"x": "c"}}}',
    ) as JsonObject;
    expect(render('{{ __proto__ }}{{ o.constructor }}{{ o.__proto__.x }}', own)).toEqual({
      kind: 'text',
      text: 'abc',
    });
  });
});

describe('values that do not fit', () => {
  it.each([
    ['{{ name + 1 }}', 'a text is not a number'],
    ['{{ name < 1 }}', 'only numbers with numbers and texts with texts can be compared'],
    ['{{ tags|sum }}', 'a text is not a number'],
    ['{{ [1, "a"]|sort }}', 'only numbers with numbers and texts with texts can be compared'],
    ['{{ name|round }}', 'a text is not a number'],
    ['{{ order|abs }}', 'an object is not a number'],
    ['{{ 1 / zero }}', 'it divides by zero'],
    ['{{ 1 % zero }}', 'it divides by zero'],
    ['{{ range(0, 5, 0) }}', 'range needs a step'],
    ['{% for x in count %}{% endfor %}', 'a number has no items'],
    ['{% for a, b in tags %}{% endfor %}', 'an item does not have a value for each of a, b'],
    [`{{ ${'9'.repeat(300)} * ${'9'.repeat(300)} }}`, 'a number becomes too large'],
    ['{{ price|round(400) }}', 'a number becomes too large'],
  ])('fail it, with the reason: %s', (source, reason) => {
    expect(render(source, values)).toEqual({ kind: 'failed', reason });
  });
});

describe('a template that never ends or fills the memory is given up', () => {
  const doubled = '{% set x = "xxxxxxxxxx" %}' + '{% set x = x ~ x %}'.repeat(60) + '{{ x }}';
  const steps = 'it takes more than 100000 steps';
  const text = 'it makes more than 1000000 characters of text';
  const cases = [
    ['{% for i in range(10000000000) %}x{% endfor %}', steps],
    ['{{ range(1000000000)|length }}', steps],
    ['{% for i in range(900) %}{% for j in range(900) %}{% endfor %}{% endfor %}', steps],
    ['{% for i in range(900) %}{{ big|sort|first }}{% endfor %}', steps],
    ['{% for i in range(90000) %}{% if i in big %}{% endif %}{% endfor %}', steps],
    [doubled, text],
    ['{{ big|join(long) }}', text],
    ['{{ long|replace("x", long) }}', text],
    ['{% for i in range(1000) %}{{ long }}{% endfor %}', text],
    ['{% for i in range(900) %}{{ long|length }}{% endfor %}', text],
    ['{% for i in range(900) %}{% if "y" in long %}{% endif %}{% endfor %}', text],
    ['{% for i in range(900) %}{% if big == big %}{% endif %}{% endfor %}', text],
  ] as const;
  it.each(cases.map(([source, reason]) => [source.slice(0, 70), source, reason]))(
    '%s',
    (_, source, reason) => {
      const big = Array.from({ length: 5_000 }, (_, index) => index);
      expect(render(source, { big, long: 'x'.repeat(5_000) })).toEqual({ kind: 'failed', reason });
    },
  );

  it('and does not end another one', () => {
    expect(render('{{ 1 }}')).toEqual({ kind: 'text', text: '1' });
  });
});

describe('a text from outside', () => {
  it('is inserted as it is, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (value, key) => {
        const source = '<b>{{ a }}</b>{{ o.list[0] }}{% for x in o.list %}{{ x }}{% endfor %}{{ m[k] }}';
        const rendered = render(source, { a: value, o: { list: [value] }, k: key, m: { [key]: value } });
        expect(rendered).toEqual({ kind: 'text', text: `<b>${value}</b>${value}${value}${value}` });
      }),
    );
  });

  it('is never a template itself', () => {
    const text = '{{ secret }}{% for i in range(9) %}{# & <i> "\'';
    expect(render('{{ a }}{{ a|trim }}{{ a ~ "" }}', { a: text, secret: 's' })).toEqual({
      kind: 'text',
      text: text.repeat(3),
    });
  });
});

/** Every file in `machines/` can be pasted into Stately's editor, and keeps the rules that let it run on another host (docs/machines.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../machines');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)];
}

describe.each(files)('machines/%s', async (name) => {
  const source = readFileSync(join(folder, name), 'utf8');
  const config = source.slice(source.indexOf('.createMachine('));
  const exported = Object.values((await import(join(folder, name))) as Record<string, unknown>);
  const machine = exported.find((value) => value instanceof Object && 'root' in value) as AnyStateMachine;
  const nodes = nodesOf(machine.root);

  it('exports one machine whose id is the file name with a version', () => {
    expect(name).toMatch(/^[a-z-]+\.machine\.ts$/);
    expect(machine.id).toMatch(new RegExp(`^${name.replace('.machine.ts', '')}\\.v\\d+$`));
  });

  it('imports nothing at run time but xstate', () => {
    const imports = [...source.matchAll(/^import (?!type)[^;]*? from '([^']+)'/gms)].map(([, from]) => from);
    expect(new Set(imports)).toEqual(new Set(['xstate']));
  });

  it('writes its config as a plain literal: no spread, no `after`, no inline guard or action', () => {
    expect(config).not.toMatch(/\.\.\.(?!\n)/);
    expect(config).not.toMatch(/\bafter:/);
    expect(config).not.toMatch(/\b(guard|actions|src): (\(|async|function)/);
  });

  it('has promise actors only, each with an id of its own', () => {
    expect(source).not.toMatch(
      /from(Callback|Observable|EventObservable|Transition)|CallbackActorLogic|spawnChild|\bspawn\(/,
    );
    const ids = nodes.flatMap((node) => node.invoke.map(({ id }) => id));
    expect(config.match(/invoke:/g)?.length ?? 0).toBe(ids.length);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).not.toMatch(/^\d+\./);
  });

  it('never re-enters a region of a parallel state', () => {
    const regions = nodes
      .filter(({ type }) => type === 'parallel')
      .flatMap((node) => Object.values(node.states));
    for (const region of regions)
      for (const transition of [...region.transitions.values()].flat())
        expect(transition.reenter).toBe(false);
  });

  it('describes every state', () => {
    expect(nodes.filter(({ description }) => !description).map(({ id }) => id)).toEqual([]);
  });

  it('reads no clock and makes no ids', () => {
    expect(source).not.toMatch(/Date\.now|new Date|Math\.random|randomUUID|nanoid/);
  });
});

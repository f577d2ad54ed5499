#!/usr/bin/env node
/** The command `colloquy`. Only this file must load on an old Node, so it imports nothing before it has looked. */
import process from 'node:process';

const oldestNode = 24;

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(`colloquy needs Node ${oldestNode} or newer; this is ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  const { main } = await import('../main.ts');
  await main(process.argv.slice(2));
}

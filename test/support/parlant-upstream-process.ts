/**
 * The same server as a process of its own, for loads that should not share an event loop with it: prints its port, and ends when its stdin
 * does. A line on stdin is a command, answered by a line of JSON: `counts`, `expire` (every long poll is answered 504), or `say <text>`
 * (every session's agent says it, unasked). Arguments: `silent` (messages bring no turn), `timed` (long polls end by themselves).
 */
import { createInterface } from 'node:readline';
import { startParlantServer } from './parlant-upstream.ts';

const upstream = await startParlantServer({
  reply: process.argv.includes('silent') ? 'none' : 'echo',
  timed: process.argv.includes('timed'),
});
console.log(upstream.port);

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = line.split(' ');
  if (command === 'expire') upstream.expire();
  if (command === 'say')
    for (const id of upstream.sessionIds()) upstream.tellTurn(id, { messages: [words.join(' ')] });
  const { waiting, connections, requests } = upstream;
  console.log(JSON.stringify({ waiting, connections, requests: requests.length }));
}
process.exit();

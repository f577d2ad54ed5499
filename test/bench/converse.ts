/** Customers of the engine's rows: each has one conversation after the other, and says the next thing when the last turn is over. */
import { sayingOf, turnsPerConversation } from './engine-agent.ts';
import { createSession, follow, post } from './talker.ts';

export type ConverseResult = { readonly turns: number; readonly wallMs: number };

export async function converse(
  port: number,
  { customers, turns }: { readonly customers: number; readonly turns: number },
): Promise<ConverseResult> {
  const startedAt = performance.now();
  let begun = 0;
  await Promise.all(
    Array.from({ length: customers }, async (_, n) => {
      // Each at another place of the conversation: people do not begin together.
      for (let at = n; begun < turns; at += customers) {
        const room = Math.min(turns - begun, turnsPerConversation);
        begun += room;
        await talk(port, { customer: at, turns: room });
      }
    }),
  );
  return { turns, wallMs: performance.now() - startedAt };
}

async function talk(
  port: number,
  { customer, turns }: { readonly customer: number; readonly turns: number },
) {
  const name = `bench-${customer}`;
  const sessionId = await createSession(port, name, 'shop');
  let over: (() => void) | undefined;
  let answers = 0;
  const stream = await follow(port, sessionId, name, (frame) => {
    // What is found out behind `ready` comes as an update of it.
    if (!/^id:/m.test(frame)) return;
    if (frame.includes('"kind":"message"') && frame.includes('"source":"ai_agent"')) answers += 1;
    if (frame.includes('"status":"error"')) throw new Error(`a turn failed: ${frame}`);
    if (frame.includes('"status":"ready"') && frame.includes('"stage":"completed"')) over?.();
  });
  for (let turn = 0; turn < turns; turn++) {
    const isOver = new Promise<void>((resolve) => (over = resolve));
    const message = sayingOf(customer, turn);
    const { statusCode, body } = await post(port, `/sessions/${sessionId}/events`, name, {
      kind: 'message',
      source: 'customer',
      message,
    });
    if (statusCode !== 201) throw new Error(`a message was answered with ${statusCode}: ${body}`);
    await isOver;
  }
  if (answers < turns) throw new Error(`${answers} answers in ${turns} turns`);
  stream.destroy();
}

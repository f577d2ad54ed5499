/** A server that is told to end in the middle of a turn, and one that finds its data folder taken. */
import { describe, expect, it, vi } from 'vitest';
import { isFinalReady, type SessionEvent, statusOf } from '../../src/event-log/event.ts';
import {
  createSession,
  type Notice,
  post,
  readLog,
  startConversation,
  textOf,
} from '../support/conversation.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { freePort } from '../support/free-port.ts';
import { ProgramEndedError, startProgram } from '../support/program.ts';

// Several starts of the whole program, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

describe('a server that is told to end in the middle of a turn', () => {
  it('ends in order, and the answer comes after the restart', async () => {
    await using folder = await createDataFolder();
    const port = await freePort();
    const where = { folder: folder.path, port };
    await using first = await startProgram({ ...where, env: { SLOW_MS: '600000', SHUTDOWN_GRACE_MS: '50' } });
    const streaming = Promise.withResolvers<Notice>();
    using conversation = await startConversation({
      url: first.url,
      agentId: 'slow',
      onNotice: (notice) => notice === 'chunk' && streaming.resolve(notice),
    });
    const turn = await conversation.say('Are you still there?');
    await streaming.promise;
    first.kill('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });

    await using second = await startProgram({ ...where, env: { SLOW_MS: '1' } });
    await Promise.race([conversation.turnOver(turn!.traceId), conversation.failed]);
    const log = await readLog(second.url, conversation.sessionId);
    expect(log.filter(isAnswer).map(textOf)).toEqual(['echo: Are you still there?']);
    expect(log.filter(isFinalReady)).toHaveLength(1);
    expect(log.map(statusOf)).not.toContain('cancelled');
    expect(conversation.seen).toEqual(log);
  });

  it('lets the turn finish where it can', async () => {
    await using folder = await createDataFolder();
    const where = { folder: folder.path, port: await freePort() };
    await using first = await startProgram({ ...where, env: { SLOW_MS: '100' } });
    const streaming = Promise.withResolvers<Notice>();
    using conversation = await startConversation({
      url: first.url,
      agentId: 'slow',
      onNotice: (notice) => notice === 'chunk' && streaming.resolve(notice),
    });
    await conversation.say('One more thing');
    await streaming.promise;
    first.kill('SIGTERM');
    expect(await first.exited).toEqual({ code: 0, signal: null });

    await using second = await startProgram({ ...where, env: { SLOW_MS: '600000' } });
    const log = await readLog(second.url, conversation.sessionId);
    expect(log.filter(isAnswer).map(textOf)).toEqual(['echo: One more thing']);
    expect(log.filter((event) => statusOf(event) === 'acknowledged')).toHaveLength(1);
    expect(isFinalReady(log.at(-1)!)).toBe(true);
  });
});

describe('a server that was killed in the middle of a turn', () => {
  it('answers after the restart, though nobody listens any more', async () => {
    await using folder = await createDataFolder();
    const where = { folder: folder.path, port: await freePort() };
    await using first = await startProgram({ ...where, env: { SLOW_MS: '600000' } });
    const sessionId = await createSession(first.url, 'slow');
    await post(`${first.url}/sessions/${sessionId}/events`, {
      kind: 'message',
      source: 'customer',
      message: 'I have to leave',
    });
    first.kill('SIGKILL');
    await first.exited;

    await using second = await startProgram({ ...where, env: { SLOW_MS: '1' } });
    await expect
      .poll(async () => (await readLog(second.url, sessionId)).filter(isAnswer).map(textOf), {
        timeout: 15_000,
      })
      .toEqual(['echo: I have to leave']);
  });
});

describe('a data folder', () => {
  it('is refused to a second process, with one line', async () => {
    await using folder = await createDataFolder();
    await using first = await startProgram({ folder: folder.path, port: await freePort() });
    const error = await startProgram({ folder: folder.path, port: await freePort() }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ProgramEndedError);
    const { exit, stderr } = error as ProgramEndedError;
    expect(exit).toEqual({ code: 1, signal: null });
    expect(stderr).toMatch(/^Another process owns the data folder .+\n$/);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
  });

  it('is free again as soon as its process is killed, every time', async () => {
    await using folder = await createDataFolder();
    const port = await freePort();
    for (let round = 0; round < 3; round++) {
      const program = await startProgram({ folder: folder.path, port });
      program.kill('SIGKILL');
      expect((await program.exited).signal).toBe('SIGKILL');
    }
    await using last = await startProgram({ folder: folder.path, port });
    expect((await fetch(`${last.url}/readyz`)).status).toBe(200);
  });
});

function isAnswer({ kind, source }: SessionEvent): boolean {
  return kind === 'message' && source === 'ai_agent';
}

import { afterEach, describe, expect, it, vi } from 'vitest';
import { send } from '../../src/tools/service-exchange.ts';
import { isUncertain, NotReachedFault } from '../../src/tools/service-fault.ts';

afterEach(() => vi.unstubAllGlobals());

const never = new AbortController().signal;

/** As Node's fetch fails where the machine gives a connection up. */
function failWith(code: string, syscall: string): void {
  const cause = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause })));
}

describe('a request to a tool server', () => {
  it.each(['ETIMEDOUT', 'EHOSTUNREACH'])('that was never connected (%s) has done nothing', async (code) => {
    failWith(code, 'connect');
    const failure = await send({ method: 'POST', url: 'http://tools.example', signal: never }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(NotReachedFault);
    expect(isUncertain(failure)).toBe(false);
  });

  it.each([
    ['ETIMEDOUT', 'read'],
    ['EHOSTUNREACH', 'read'],
    ['ETIMEDOUT', 'write'],
  ])('that was connected, and was given up (%s at %s), may have done its work', async (code, syscall) => {
    failWith(code, syscall);
    const failure = await send({ method: 'POST', url: 'http://tools.example', signal: never }).catch(
      (error: unknown) => error,
    );
    expect(isUncertain(failure)).toBe(true);
    expect(failure).toMatchObject({ message: `there was no answer (${code})` });
  });
});

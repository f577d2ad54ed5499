/** `docs/voice.md` and the page know every way in which a call can fail, and no other. */
import { describe, expect, it } from 'vitest';
import type { LateReason } from '../../src/voice/probe-room.ts';
import type { RoomsFault } from '../../src/voice/voice-rooms.ts';
import { createFlows } from '../../src/voice/flows.ts';
import { voiceStatuses } from '../../src/voice/voice-session.ts';
import { toWords } from '../../src/web/voice/voice-words.ts';
import { codeBlocks, tableRows } from '../packaging/documents.ts';

const faults: Readonly<Record<RoomsFault, true>> = {
  livekit_unavailable: true,
  livekit_timeout: true,
  livekit_unreachable: true,
  livekit_auth: true,
  livekit_rejected: true,
};
const reasons: Readonly<Record<LateReason, true>> = {
  no_worker: true,
  agent_not_joined: true,
  user_not_joined: true,
  agent_not_ready: true,
  room_gone: true,
  livekit_unreachable: true,
};
const codes = [
  ...Object.keys(faults),
  'agent_init_failed',
  'agent_failed',
  'agent_left',
  'agent_job_failed',
  'room_finished',
  'ready_deadline',
  'internal_error',
];

const firstColumn = (header: string) =>
  tableRows('docs/voice.md', header).map(([cell = '']) => cell.replaceAll('`', ''));

describe('docs/voice.md', () => {
  it('names every status, code and reason, and no other', () => {
    expect(firstColumn('status').toSorted()).toEqual([...voiceStatuses].toSorted());
    expect(firstColumn('failure.code').toSorted()).toEqual(codes.toSorted());
    expect(firstColumn('reason` of `ready_deadline').toSorted()).toEqual(Object.keys(reasons).toSorted());
  });

  it('shows a flow that can be used', async () => {
    const [config = ''] = codeBlocks('docs/voice.md', 'ts');
    const [, flows = '[]'] = /flows: (\[[^]*\]),\n\}\);/.exec(config) ?? [];
    const module = `data:text/javascript,${encodeURIComponent(`export default ${flows}`)}`;
    const { default: given } = (await import(module)) as { default: Parameters<typeof createFlows>[0] };
    expect(createFlows(given).list('default')).toMatchObject([{ id: 'intake', locale: 'en' }]);
  });
});

describe('the page', () => {
  it.each(Object.keys(reasons))('has words for a deadline because of %s', (reason) => {
    const words = toWords({ code: 'ready_deadline', reason, message: null });
    expect(words).toMatch(/^[A-Z].*\. \(ready_deadline: [a-z_]+\)$/);
    expect(words).not.toContain('The call failed.');
  });

  it.each(codes.filter((code) => code !== 'internal_error' && code !== 'ready_deadline'))(
    'has words for %s',
    (code) => {
      expect(toWords({ code, reason: null, message: null })).not.toContain('The call failed.');
    },
  );

  it('says of what it does not know that it failed, with the code', () => {
    expect(toWords({ code: 'moon_fell', reason: null, message: 'It fell.' })).toBe(
      'The call failed. It fell. (moon_fell)',
    );
  });
});

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyData } from '../../src/cli/backup.ts';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { startVoiceServer } from '../support/voice-server.ts';

it('a back-up has the voice sessions as well', async () => {
  await using server = await startVoiceServer();
  const { sessionId } = await server.call('ann');
  await using elsewhere = await createDataFolder();
  const folder = join(elsewhere.path, 'copy');
  await copyData({ dataDir: server.folder, folder });
  const copy = await openSqliteLog({ folder: join(folder, 'voice') });
  expect((await copy.read(sessionId)).map(({ offset }) => offset)).toEqual([0, 1]);
  await copy.close();
});

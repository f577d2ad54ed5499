import { describe } from 'vitest';
import { openSqliteLog } from '../../src/event-log/sqlite-log.ts';
import { createDataFolder } from '../support/data-folder.ts';
import { eventLogContract } from './event-log.contract.ts';
import type { OpenLog } from './support.ts';

const open: OpenLog = async (options = {}) => {
  const folder = await createDataFolder();
  let log = await openSqliteLog({ folder: folder.path, ...options });
  return {
    get log() {
      return log;
    },
    async reopen() {
      await log.close();
      log = await openSqliteLog({ folder: folder.path, ...options });
      return log;
    },
    async [Symbol.asyncDispose]() {
      await log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
};

describe('the SQLite log', () => {
  eventLogContract(open);
});

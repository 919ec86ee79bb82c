import type { ImportSource } from '../../imports/source.ts';
import { ThreadClient } from '../../threads/client.ts';
import { workerUrl } from '../../threads/worker-url.ts';
import type { ImportCalls, ImportOptions } from './import-protocol.ts';

/** A table or view of a SQLite file, read in a thread of its own. */
export function openSqliteSource(options: ImportOptions): ImportSource {
  const thread = new ThreadClient<ImportCalls>(workerUrl(import.meta.url, 'import-thread'), options);
  let key = '';
  return {
    async describe() {
      const found = await thread.call('describe', undefined);
      if (found.ok) key = found.value.key;
      return found;
    },
    page: (from, columns) => thread.call('page', { key, from, columns }),
    count: () => thread.call('count', undefined),
    close: () => thread.close(),
  };
}

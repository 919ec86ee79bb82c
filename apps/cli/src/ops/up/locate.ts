import { fileURLToPath } from 'node:url';

/** The servers that `up` runs, by the names of their folders. */
export type PartName = 'insights-api' | 'imap';

/**
 * The file that starts a part. In the source tree that is `apps/<part>/src/main.ts`; a built tool is
 * `apps/cli/dist/main.js` and starts `apps/<part>/dist/main.js` beside it.
 */
export function entryOf(part: PartName, here: string = import.meta.url): string {
  const path = here.endsWith('.ts') ? `../../../../${part}/src/main.ts` : `../../${part}/dist/main.js`;
  return fileURLToPath(new URL(path, here));
}

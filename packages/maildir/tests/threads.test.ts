import { expect, it } from 'vitest';
import { Child, newHome, openInbox } from './helpers.ts';

const v8 = Number.parseInt(process.versions.v8, 10);

// V8 14 may free it. What a crash would show only now and then, V8's own trace shows each time.
it.runIf(v8 < 14)('frees no code that strips types while a thread runs TypeScript', async () => {
  const home = newHome();
  const store = await home.store();
  await openInbox(store);
  await store.close();
  const child = new Child('eager-wasm.ts', [home.maildir, home.indexFile]);
  const said: string[] = [];
  for (let line = await child.line(); line !== undefined; line = await child.line()) said.push(line);
  expect(said).toContain('closed');
  expect(said.filter((line) => line.includes('Triggering GC'))).toEqual([]);
});

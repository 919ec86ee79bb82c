import { expect, it, vi } from 'vitest';
import { TEXT_ABOVE } from '../../src/limits.ts';
import { textWorker } from '../../src/text/service.ts';
import { newHome } from '../helpers.ts';

it('a run of changes wakes the thread once, and once more for the last of them', async () => {
  const { maildir } = newHome();
  const text = textWorker({ program: new URL('../programs/telling-text-worker.ts', import.meta.url) });
  const asked: string[] = [];
  const place = { maildir, indexFile: `${maildir}-index`, textFile: `${maildir}-text` };
  const opened = text.open(place, ({ message }) => asked.push(message));
  for (let change = 0; change < 100; change += 1) opened.look(1, TEXT_ABOVE + 2);
  opened.look(2, TEXT_ABOVE + 2); // another mailbox does not wait for the first one's turn
  await opened.build(undefined);
  expect(asked).toEqual(['look', 'look', 'build']);
  await vi.waitFor(() => expect(asked).toHaveLength(4), { timeout: 20_000 });
  await opened.build(undefined);
  expect(asked).toEqual(['look', 'look', 'build', 'look', 'build']);
  await opened.close();
  await text.close();
});

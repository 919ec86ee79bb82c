import { expect, test } from 'vitest';
import { callLinking } from '../src/calls/linking.ts';
import { StoreUnavailable } from '../src/store/port.ts';

/** Runs rounds of linking over what the store answers, one after the other, until they are used up. */
async function link(answers: readonly (number | Error)[]) {
  const left = [...answers];
  const warnings: string[] = [];
  let pauses = 0;
  const over = Promise.withResolvers<void>();
  const linking = callLinking({
    store: {
      async linkCalls() {
        const answer = left.shift() ?? 0;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    async pause(_ms, signal) {
      pauses += 1;
      if (left.length > 0) return;
      over.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    warn: (message) => void warnings.push(message),
  });
  linking.start();
  await over.promise;
  await linking.stop();
  return { left, pauses, warnings };
}

test('what is left is taken at once, then there is a pause', async () => {
  expect(await link([50, 50, 7, 0, 3, 0])).toEqual({ left: [], pauses: 2, warnings: [] });
});

test('a database that is away is told of once, and again when it was there in between', async () => {
  const away = new StoreUnavailable('disk full');
  const { pauses, warnings } = await link([away, away, 0, away]);
  expect(pauses).toBe(4);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('disk full');
});

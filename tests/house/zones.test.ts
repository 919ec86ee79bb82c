import { describe, expect, test } from 'vitest';
import { forbidden, importsOf, ZONES } from '../../scripts/lint/zones.ts';

describe('import zones', () => {
  test.each([
    ['apps/imap/src/wire/lexer.ts', 'apps/imap/src/session/state.ts'],
    ['apps/imap/src/message/parse.ts', 'apps/imap/src/wire/strings.ts'],
    ['apps/imap/src/mailbox/hub.ts', 'apps/imap/src/commands/fetch.ts'],
    ['apps/imap/src/main.ts', 'apps/insights-api/src/main.ts'],
    ['apps/insights-web/src/app/main.tsx', 'packages/maildir/src/'],
    ['packages/shared/src/result.ts', 'packages/maildir/src/'],
    ['apps/imap/src/session/state.ts', 'node:net'],
    ['apps/imap/src/fleet/fleet.ts', 'apps/imap/src/session/session.ts'],
    ['apps/imap/src/fleet/worker-link.ts', 'node:net'],
    ['apps/insights-api/src/store/sqlite/store.ts', 'node:worker_threads'],
    ['apps/insights-api/src/query/apps.ts', 'node:sqlite'],
    ['apps/insights-api/src/ingest/pipeline/run.ts', 'fastify'],
    ['apps/cli/src/ops/add-user.ts', 'apps/cli/src/output.ts'],
  ])('%s may not import %s', (file, target) => {
    expect(forbidden(file, target)).toBeTypeOf('string');
  });

  test.each([
    ['apps/imap/src/session/state.ts', 'apps/imap/src/wire/command.ts'],
    ['apps/imap/src/mailbox/hub.ts', 'packages/maildir/src/'],
    ['apps/imap/src/server/listener.ts', 'node:tls'],
    ['apps/cli/src/commands/user/add.ts', 'packages/shared/src/'],
  ])('%s may import %s', (file, target) => {
    expect(forbidden(file, target)).toBeUndefined();
  });

  test('the more particular zone stands before the general one', () => {
    const first = ZONES.findIndex(({ from }) => from === 'apps/imap/');
    const wire = ZONES.findIndex(({ from }) => from === 'apps/imap/src/wire/');
    expect(wire).toBeLessThan(first);
  });
});

describe('importsOf', () => {
  test('sees every form of import and export', () => {
    const source = [
      "import type { A } from './a.ts';",
      "import {\n  b,\n  type C,\n} from './b.ts';",
      "import './side-effect.ts';",
      "export { d } from './d.ts';",
      "export * from './e.ts';",
      "const f = await import('./f.ts');",
      "import * as g from 'node:net';",
    ].join('\n');
    expect(importsOf(source)).toEqual([
      './a.ts',
      './b.ts',
      './side-effect.ts',
      './d.ts',
      './e.ts',
      './f.ts',
      'node:net',
    ]);
  });
});

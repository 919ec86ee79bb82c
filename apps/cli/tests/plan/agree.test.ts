import { expect, it } from 'vitest';
import { agree } from '../../src/commands/plan/agree.ts';
import type { Io } from '../../src/io.ts';

const nobody: Io = {
  stdin: (async function* () {})(),
  stdinIsTerminal: false,
  stdoutIsTerminal: false,
  stderrIsTerminal: false,
  stderrColumns: () => 80,
  out: () => undefined,
  write: async () => undefined,
  say: () => undefined,
  ask: async () => undefined,
  readerGone: new AbortController().signal,
  openScreen: async () => undefined,
  handOver: async () => 127,
  askSecret: async () => undefined,
  env: {},
  cwd: '/',
};
const somebody = (answer: string | undefined): Io => ({ ...nobody, stdinIsTerminal: true, ask: async () => answer });
const severe = { title: 'user rm', steps: [], confirm: 'alice' };

it.each([
  ['named by an option', nobody, { confirm: 'alice' }, undefined],
  ['typed', somebody('alice'), {}, undefined],
  ['another name by an option', nobody, { confirm: 'bob' }, 'refused'],
  ['another name typed', somebody('bob'), {}, 'cancelled'],
  ['only yes', somebody('y'), {}, 'cancelled'],
  ['Ctrl-C', somebody(undefined), {}, 'interrupted'],
  ['nothing, and nobody to ask', nobody, {}, 'usage'],
  ['--yes, which is not enough', nobody, { yes: true }, 'usage'],
] as const)('wants what cannot be undone named: %s', async (_, io, options, kind) => {
  const agreed = await agree(io, severe, options);
  expect(agreed.ok ? undefined : agreed.error.kind).toBe(kind);
});

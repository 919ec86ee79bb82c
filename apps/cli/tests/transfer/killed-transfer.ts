// Imports a source into the mail of several users at once, or exports their mail to mbox files, and says a line for each message,
// until it is killed: killed-transfer.ts import DATA_DIR SOURCE USER ..., killed-transfer.ts export DATA_DIR FOLDER USER ...
import { join } from 'node:path';
import { loadConfig } from '@scorpiox/shared/config';
import { err, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../src/ops/failure.ts';
import { exportMail } from '../../src/ops/mail/export/export.ts';
import { withImport } from '../../src/ops/mail/import/import.ts';
import { runPlan } from '../../src/ops/runs/run-plan.ts';

const [mode, dataDir = '', place = '', ...users] = process.argv.slice(2);
const config = loadConfig({ env: {}, flags: { data_dir: dataDir }, cwd: dataDir });
if (!config.ok) throw new Error('The configuration is wrong.');
const { value: configuration } = config;
const { signal } = new AbortController();
const naming = { map: new Map(), below: undefined };
const request = { kind: 'files', path: place, layout: undefined, mboxFormat: 'auto' } as const;

const print = () => undefined;
const reporting = {
  onProgress: () => void process.stdout.write('.\n'),
  onTrouble: ({ reason }: { readonly reason: string }) => void process.stderr.write(`${reason}\n`),
};

const imported = (user: string) =>
  withImport(configuration, { user, source: request, naming, signal, print }, async (planned) => {
    const { actions } = planned.begin(reporting);
    const ran = await runPlan(planned.plan, { folder: `${dataDir}/runs`, stop: signal, actions });
    return ran.ok && ran.value.failure !== undefined ? err(ran.value.failure) : ran;
  });

async function exported(user: string) {
  const destination = { kind: 'mbox', folder: join(place, user) } as const;
  const done = await exportMail(configuration, { user, destination, mailboxes: [], signal, print, reporting });
  return done.ok && done.value.failure !== undefined ? err(done.value.failure) : done;
}

const transfers = users.map((user) => (mode === 'import' ? imported(user) : exported(user)));
for (const ended of await Promise.all<Result<unknown, Failure>>(transfers)) {
  if (!ended.ok) process.stderr.write(`${ended.error.message}\n`);
}

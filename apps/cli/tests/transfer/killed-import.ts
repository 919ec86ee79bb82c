// Imports a source into the mail of several users at once, and says a line for each message, until it is killed:
// killed-import.ts DATA_DIR SOURCE USER ...
import { loadConfig } from '@scorpiox/shared/config';
import { ok } from '@scorpiox/shared/result';
import { withImport } from '../../src/ops/mail/import/import.ts';
import { runPlan } from '../../src/ops/runs/run-plan.ts';

const [dataDir = '', source = '', ...users] = process.argv.slice(2);
const config = loadConfig({ env: {}, flags: { data_dir: dataDir }, cwd: dataDir });
if (!config.ok) throw new Error('The configuration is wrong.');
const { signal } = new AbortController();
const naming = { map: new Map(), below: undefined };
const request = { kind: 'files', path: source, layout: undefined, mboxFormat: 'auto' } as const;

const imports = users.map((user) =>
  withImport(config.value, { user, source: request, naming, signal, print: () => undefined }, async (planned) => {
    const onProgress = () => void process.stdout.write('.\n');
    const { actions } = planned.begin({ onProgress, onTrouble: ({ reason }) => process.stderr.write(`${reason}\n`) });
    const ran = await runPlan(planned.plan, { folder: `${dataDir}/runs`, stop: signal, actions });
    if (!ran.ok || ran.value.failure !== undefined) process.stderr.write(`${JSON.stringify(ran)}\n`);
    return ok(undefined);
  }),
);
for (const ended of await Promise.all(imports)) if (!ended.ok) process.stderr.write(`${ended.error.message}\n`);

// What `turbo build` makes runs by itself: each app's folder alone, without node_modules and without the sources.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnv } from '../support/platform.ts';
import { mustRun, ROOT, run } from '../support/process.ts';

const home = mkdtempSync(join(tmpdir(), 'built-'));
const dataDir = join(home, 'data');
const env = cleanEnv({
  SCORPIOX_DATA_DIR: dataDir,
  SCORPIOX_INSIGHTS_PORT: '0',
  SCORPIOX_IMAP_PORT: '0',
  SCORPIOX_IMAP_TLS_PORT: '0',
  SCORPIOX_IMAP_LMTP_PORT: '0',
  SCORPIOX_IMAP_ADMIN_PORT: '0',
  SCORPIOX_IMAP_WORKERS: '2',
});
const running: ChildProcess[] = [];

beforeAll(() => {
  for (const app of ['imap', 'insights-api', 'cli'])
    cpSync(join(ROOT, 'apps', app, 'dist'), join(home, app), { recursive: true });
  cpSync(join(ROOT, 'apps/insights-web/dist'), join(home, 'insights-api/web'), { recursive: true });
});
afterAll(async () => {
  for (const child of running) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  rmSync(home, { recursive: true, force: true });
});

/** Starts a built app as its parent would and waits for the addresses it says it listens on. */
async function start(app: string): Promise<string[]> {
  const child = spawn(process.execPath, [join(home, app, 'main.js')], {
    env,
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.push(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ready = once(child, 'message').then(([message]) => message);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${app} ended with ${code}: ${said}`);
  });
  ended.catch(() => undefined); // it ends at last, after the test
  const { addresses }: { addresses: string[] } = await Promise.race([ready, ended]);
  return addresses;
}

test('the CLI adds a user and an application', async () => {
  const cli = join(home, 'cli/main.js');
  const added = await run(process.execPath, [cli, 'user', 'add', 'alice', '--password-stdin'], {
    env,
    cwd: home,
    input: 'pw',
  });
  expect([added.code, added.stderr]).toEqual([0, expect.any(String)]);
  const app = await mustRun(process.execPath, [cli, 'app', 'add', 'shop', '--json'], { env, cwd: home });
  expect(JSON.parse(app.toString())).toMatchObject({ name: 'shop' });
});

test('the API stores an event and serves the dashboard', async () => {
  const [address = ''] = await start('insights-api');
  const added = await mustRun(process.execPath, [join(home, 'cli/main.js'), 'app', 'add', 'built', '--json'], {
    env,
    cwd: home,
  });
  const { key }: { key: string } = JSON.parse(added.toString());
  const event = { kind: 'request', time: new Date().toISOString(), name: 'GET /' };
  const answer = await fetch(`${address}/api/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify([event]),
  });
  expect(await answer.json()).toMatchObject({ accepted: 1 });
  const page = await (await fetch(`${address}/apps`)).text();
  expect(page).toContain('<div id="root">');
});

test('the IMAP server signs a user in', async () => {
  const addresses = await start('imap');
  const imaps = addresses.find((address) => address.startsWith('imaps:')) ?? '';
  const url = imaps.replace('127.0.0.1', 'localhost');
  const secret = join(home, 'curlrc');
  writeFileSync(secret, `user = "alice:pw"\ncacert = "${join(dataDir, 'tls/ca.pem')}"\n`, { mode: 0o600 });
  const list = await mustRun('curl', ['--silent', '--show-error', '--config', secret, `${url}/`]);
  expect(list.toString()).toContain('INBOX');
});

test('the packages load as JavaScript below node_modules, where Node refuses TypeScript', async () => {
  for (const name of ['shared', 'maildir']) {
    cpSync(join(ROOT, 'packages', name, 'dist'), join(home, 'node_modules/@scorpiox', name), { recursive: true });
  }
  const script = "import('@scorpiox/maildir').then(({ openMailStore }) => console.log(typeof openMailStore))";
  const printed = await mustRun(process.execPath, ['-e', script], { env, cwd: home });
  expect(printed.toString().trim()).toBe('function');
});

test.each([
  ['the package', 'node_modules/@scorpiox/maildir/text/text-worker.js'],
  ['the IMAP server', 'imap/text-worker.js'],
])('the text index of %s has its thread', async (name, program) => {
  const folder = mkdtempSync(join(home, 'store-'));
  const script = `
    import { pathToFileURL } from 'node:url';
    import { openMailStore, textWorker } from '@scorpiox/maildir';
    const [, maildir, indexFile, program] = process.argv;
    const text = textWorker(program === '' ? {} : { program: pathToFileURL(program) });
    const { value: store } = await openMailStore({ maildir, indexFile, text });
    console.log((await store.buildTextIndex()).ok);
    await store.close();
    await text.close();
  `;
  const own = name === 'the package' ? '' : join(home, program);
  const args = ['--input-type=module', '-e', script, join(folder, 'Maildir'), join(folder, 'index.db'), own];
  const printed = await mustRun(process.execPath, args, { env, cwd: home });
  expect([existsSync(join(home, program)), printed.toString().trim()]).toEqual([true, 'true']);
});

/** An empty folder in which the packed mail store was installed, as anybody would do it. */
async function installed(): Promise<string> {
  const folder = mkdtempSync(join(home, 'installed-'));
  const options = { env, cwd: folder };
  const dist = join(ROOT, 'packages/maildir/dist');
  const packed = await mustRun('npm', ['pack', '--silent', '--pack-destination', folder], { env, cwd: dist });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const quietly = ['--offline', '--no-audit', '--no-fund', '--silent'];
  await mustRun('npm', ['install', ...quietly, `./${packed.toString().trim()}`], options);
  return folder;
}

/** The first program of the README, for mail that lies in `folder`. */
function readmeProgram(folder: string): string {
  const text = readFileSync(join(folder, 'node_modules/@scorpiox/maildir/README.md'), 'utf8');
  return /```ts\n(.*?)```/s.exec(text)?.[1]?.replaceAll('/mail/alice', join(folder, 'alice')) ?? '';
}

const STRICT = {
  ...{ target: 'es2024', module: 'nodenext', noEmit: true, strict: true, exactOptionalPropertyTypes: true },
  ...{ skipLibCheck: false, types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
};

/** The example that waits for events, until it is interrupted. */
function follow(folder: string, maildir: string) {
  const child = spawn(process.execPath, ['follow.ts', maildir], {
    env,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(child, 'exit');
  const gone = ended.then(() => {
    throw new Error(`The example ended after saying: ${said}`);
  });
  gone.catch(() => undefined); // it ends at last, after the test
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) await Promise.race([once(child.stdout, 'data'), gone]);
  };
  return { child, ended, until };
}

test('the packed mail store runs its README and its examples in an empty folder, and they compile', async () => {
  const folder = await installed();
  const options = { env, cwd: folder };
  const maildir = join(folder, 'alice/Maildir');
  cpSync(join(folder, 'node_modules/@scorpiox/maildir/examples'), folder, { recursive: true });
  mkdirSync(join(folder, 'alice'));
  writeFileSync(join(folder, 'start.ts'), readmeProgram(folder));
  writeFileSync(
    join(folder, 'mime.ts'),
    "import { sentDate } from '@scorpiox/maildir/mime';\nexport const one = sentDate;\n",
  );
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, include: ['*.ts'] }));
  await mustRun(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], options);
  const node = async (...args: string[]) => (await mustRun(process.execPath, args, options)).toString();
  expect(await node('start.ts')).toBe('On disk, with UID 1.\n');
  expect(await node('archive.ts', maildir)).toBe('0 messages moved\n');
  expect(await node('mime.ts')).toBe('');
  const following = follow(folder, maildir);
  await following.until('1 messages in INBOX\n');
  await node('start.ts');
  await following.until('arrived 2');
  following.child.kill('SIGINT');
  expect(await following.ended).toEqual([0, null]);
}, 60_000);

test('the folder of the sources cannot be published', () => {
  const manifest = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, 'packages/maildir', path), 'utf8'));
  expect(manifest('package.json')).toMatchObject({ private: true });
  expect(manifest('dist/package.json')).not.toHaveProperty('private');
});

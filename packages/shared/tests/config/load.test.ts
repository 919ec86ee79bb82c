import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type ConfigError, describeConfigErrors, type LoadOptions, loadConfig } from '../../src/config/index.ts';
import { temporaryFolder } from '../folders.ts';

const CONNECTION = 'InstrumentationKey=2f1c0f2e-0000-4000-8000-000000000001;IngestionEndpoint=http://127.0.0.1:8080/';

/** Loads with nothing of this machine's environment. */
const load = (options: LoadOptions) => loadConfig({ env: {}, ...options });

function loaded(options: LoadOptions) {
  const result = load(options);
  if (!result.ok) throw new Error(describeConfigErrors(result.error));
  return result.value;
}

function failed(options: LoadOptions): readonly ConfigError[] {
  const result = load(options);
  if (result.ok) throw new Error('expected errors');
  return result.error;
}

/** A folder with this scorpiox.toml. */
function folderWith(toml: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'scorpiox.toml'), toml);
  return folder;
}

describe('defaults', () => {
  test('with no file, no environment and no flags, everything has its documented value', () => {
    const cwd = temporaryFolder();
    expect(loaded({ cwd, env: { HOME: '/home/ada' } })).toEqual({
      dataDir: join(cwd, 'data'),
      imap: {
        host: '127.0.0.1',
        port: 1143,
        tlsPort: 1993,
        lmtpPort: 1124,
        adminPort: 1180,
        mailRoot: join(cwd, 'data/mail'),
        textIndex: true,
        keepAlive: 28,
        workers: availableParallelism(),
        behindProxy: false,
        limits: {
          connections: 4096,
          connectionsPerAddress: 128,
          connectionsPerUser: 128,
          messageSize: 256,
          signInTimeout: 180,
          idleTimeout: 30,
          stalledTimeout: 300,
        },
        logLevel: 'info',
      },
      insights: {
        host: '127.0.0.1',
        port: 8080,
        publicUrl: 'http://127.0.0.1:8080',
        database: { kind: 'sqlite', file: join(cwd, 'data/insights.db') },
        trustProxy: [],
        spoolMax: 4 * 1024 ** 3,
      },
      alerts: { mailTo: [], lmtpHost: '127.0.0.1', lmtpPort: 1124, allowInternal: false },
      tmux: { roots: ['/codebases', '/home/ada/codebases'] },
      telemetry: {},
    });
  });

  test.each([
    ['64 MB', 64 * 1024 ** 2],
    ['64mb', 64 * 1024 ** 2],
    ['2T', 2 * 1024 ** 4],
    ['16777216', 16 * 1024 ** 2],
  ])('a size is spelled as %s', (text, bytes) => {
    const env = { SCORPIOX_INSIGHTS_SPOOL_MAX: text };
    expect(loaded({ cwd: temporaryFolder(), env }).insights.spoolMax).toBe(bytes);
  });

  test.each(['', '1 MB', '4 GX', '-4 GB', '4.5 GB', '5000 TB'])('%s is no size', (text) => {
    const cwd = folderWith(`[insights]\nspool_max = "${text}"\n`);
    expect(failed({ cwd })).toMatchObject([
      { key: 'insights.spool_max', message: 'Expected a size from 16 MB to 1000 TB, as 4 GB.' },
    ]);
  });

  test.each([
    ['0.0.0.0', 'http://localhost:9000'],
    ['::', 'http://localhost:9000'],
    ['::1', 'http://[::1]:9000'],
    ['mail.example.net', 'http://mail.example.net:9000'],
  ])('the public address of host %s is one that a browser can open', (host, url) => {
    const flags = { 'insights.host': host, 'insights.port': '9000' };
    expect(loaded({ cwd: temporaryFolder(), flags }).insights.publicUrl).toBe(url);
  });
});

describe('precedence', () => {
  test('flag over environment over file over default, key by key', () => {
    const cwd = folderWith('[imap]\nport = 1\ntls_port = 2\nhost = "file"\n[insights]\nport = 4\n');
    const env = { SCORPIOX_IMAP_PORT: '11', SCORPIOX_IMAP_TLS_PORT: '12' };
    const config = loaded({ cwd, env, flags: { 'imap.port': '21', 'imap.host': undefined } });
    expect(config.imap).toMatchObject({ port: 21, tlsPort: 12, host: 'file' });
    expect(config.insights).toMatchObject({ port: 4, host: '127.0.0.1' });
  });

  test('a secret file in the environment wins over the secret itself in the file', () => {
    const cwd = folderWith('[insights]\ndatabase = "sqlite:/from/file.db"\n');
    writeFileSync(join(cwd, 'db'), 'sqlite:/from/secret.db\n');
    const { database } = loaded({ cwd, env: { SCORPIOX_INSIGHTS_DATABASE_FILE: 'db' } }).insights;
    expect(database).toEqual({ kind: 'sqlite', file: '/from/secret.db' });
  });

  test('the same secret twice in one place is an error, for nobody can know which was meant', () => {
    const cwd = folderWith('[insights]\ndatabase = "sqlite:a"\ndatabase_file = "b"\n');
    expect(failed({ cwd })).toMatchObject([
      { key: 'insights.database', message: expect.stringContaining('remove one') },
    ]);
  });
});

describe('paths', () => {
  test('start at the folder of the file they stand in, else at the working folder', () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'etc'));
    const toml = 'data_dir = "var"\n[imap]\ntls_cert = "c.pem"\n[insights]\ndatabase = "sqlite:i.db"\n';
    writeFileSync(join(cwd, 'etc/my.toml'), toml);
    const config = loaded({ cwd, env: { SCORPIOX_CONFIG: 'etc/my.toml', SCORPIOX_IMAP_TLS_KEY: 'k.pem' } });
    expect(config.dataDir).toBe(join(cwd, 'etc/var'));
    expect(config.imap).toMatchObject({
      mailRoot: join(cwd, 'etc/var/mail'),
      tlsCert: join(cwd, 'etc/c.pem'),
      tlsKey: join(cwd, 'k.pem'),
    });
    expect(config.insights.database).toEqual({ kind: 'sqlite', file: join(cwd, 'etc/i.db') });
  });

  test('local delivery: a port, which 0 turns off, and a socket', () => {
    const cwd = folderWith('[imap]\nlmtp_port = 0\nlmtp_socket = "run/lmtp"\n');
    expect(loaded({ cwd }).imap).toMatchObject({ lmtpPort: 0, lmtpSocket: join(cwd, 'run/lmtp') });
    expect(loaded({ cwd, env: { SCORPIOX_IMAP_LMTP_PORT: '24' } }).imap.lmtpPort).toBe(24);
  });

  test('workers are one or some more', () => {
    expect(loaded({ cwd: folderWith('[imap]\nworkers = 1\n') }).imap.workers).toBe(1);
    const cwd = temporaryFolder();
    expect(loaded({ cwd, env: { SCORPIOX_IMAP_WORKERS: '128' } }).imap.workers).toBe(128);
    for (const wrong of ['0', '129', 'all', '']) {
      expect(failed({ cwd, env: { SCORPIOX_IMAP_WORKERS: wrong } })).toMatchObject([
        { key: 'imap.workers', message: 'Expected a whole number from 1 to 128.' },
      ]);
    }
  });

  test('the API has TLS where it is given a port, and its certificate is set whole', () => {
    const cwd = folderWith('[insights]\ntls_port = 8443\n');
    expect(loaded({ cwd }).insights).toMatchObject({ port: 8080, tlsPort: 8443 });
    const env = { SCORPIOX_INSIGHTS_TLS_CERT: 'c.pem' };
    expect(failed({ cwd, env })).toMatchObject([{ key: 'insights.tls_key' }]);
    expect(loaded({ cwd, env: { ...env, SCORPIOX_INSIGHTS_TLS_KEY: 'k.pem' } }).insights).toMatchObject({
      tlsCert: join(cwd, 'c.pem'),
      tlsKey: join(cwd, 'k.pem'),
    });
  });

  test('the keep-alive is a whole number of minutes below the half hour', () => {
    const cwd = folderWith('[imap]\nkeepalive = 1\n');
    expect(loaded({ cwd }).imap.keepAlive).toBe(1);
    expect(loaded({ cwd, env: { SCORPIOX_IMAP_KEEPALIVE: '29' } }).imap.keepAlive).toBe(29);
    for (const wrong of ['0', '30', '-1', '1.5', '5m', '']) {
      expect(failed({ cwd, env: { SCORPIOX_IMAP_KEEPALIVE: wrong } })).toMatchObject([
        { key: 'imap.keepalive', message: 'Expected a whole number of minutes from 1 to 29.' },
      ]);
    }
  });

  test.each([
    ['max_connections', 'connections', 1, 100_000, ''],
    ['max_connections_per_address', 'connectionsPerAddress', 1, 100_000, ''],
    ['max_connections_per_user', 'connectionsPerUser', 1, 100_000, ''],
    ['max_message_size', 'messageSize', 1, 4095, 'of MiB '],
    ['signin_timeout', 'signInTimeout', 10, 3600, 'of seconds '],
    ['idle_timeout', 'idleTimeout', 30, 1440, 'of minutes '],
    ['stalled_timeout', 'stalledTimeout', 10, 3600, 'of seconds '],
  ] as const)('imap.%s is a whole number within its bounds', (key, name, from, to, unit) => {
    expect(loaded({ cwd: folderWith(`[imap]\n${key} = ${from}\n`) }).imap.limits[name]).toBe(from);
    const variable = `SCORPIOX_IMAP_${key.toUpperCase()}`;
    expect(loaded({ cwd: temporaryFolder(), env: { [variable]: `${to}` } }).imap.limits[name]).toBe(to);
    for (const wrong of [`${from - 1}`, `${to + 1}`, '-1', '12.5', '1e2', 'many', '']) {
      expect(failed({ cwd: temporaryFolder(), env: { [variable]: wrong } })).toMatchObject([
        { key: `imap.${key}`, message: `Expected a whole number ${unit}from ${from} to ${to}.` },
      ]);
    }
  });

  test('the log has levels, and the admin port can be turned off', () => {
    const cwd = folderWith('[imap]\nlog_level = "debug"\nadmin_port = 0\n');
    expect(loaded({ cwd }).imap).toMatchObject({ logLevel: 'debug', adminPort: 0 });
    expect(failed({ cwd, env: { SCORPIOX_IMAP_LOG_LEVEL: 'silent' } })).toMatchObject([
      { key: 'imap.log_level', message: 'Expected one of debug, info, warn, error.' },
    ]);
  });

  test('switches are true or false, in the file and in the environment', () => {
    const cwd = folderWith('[imap]\ntext_index = false\n');
    expect(loaded({ cwd }).imap.textIndex).toBe(false);
    expect(loaded({ cwd, env: { SCORPIOX_IMAP_TEXT_INDEX: 'true' } }).imap.textIndex).toBe(true);
    expect(failed({ cwd, env: { SCORPIOX_IMAP_TEXT_INDEX: 'yes' } })).toMatchObject([
      { key: 'imap.text_index', message: 'Expected true or false.' },
    ]);
  });

  test('the flag names the file before the environment does', () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'a.toml'), 'data_dir = "/a"');
    expect(loaded({ cwd, env: { SCORPIOX_CONFIG: 'gone.toml' }, flags: { config: 'a.toml' } }).dataDir).toBe('/a');
  });
});

describe('the file', () => {
  test.each([
    ['flag --config', { flags: { config: 'gone.toml' } }],
    ['environment SCORPIOX_CONFIG', { env: { SCORPIOX_CONFIG: 'gone.toml' } }],
  ])('that was named by %s has to be there', (origin, options) => {
    const cwd = temporaryFolder();
    const message = `Cannot read ${join(cwd, 'gone.toml')}: there is no such file.`;
    expect(failed({ cwd, ...options })).toEqual([{ key: 'config', origin, message }]);
  });

  test('that cannot be read is an error even where nobody named it', () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'scorpiox.toml'));
    expect(failed({ cwd })).toMatchObject([{ message: expect.stringContaining('EISDIR') }]);
  });

  test('that is no TOML is reported with line and column, and without the line itself', () => {
    const cwd = folderWith('data_dir = "x"\n[insights]\ndatabase = mssql://sa:hunter2@db/insights\n');
    const [error, ...more] = failed({ cwd });
    expect(more).toEqual([]);
    expect(error?.message).toMatch(/^Line 3, column \d+ is not TOML: /);
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});

describe('unknown keys', () => {
  test.each([
    ['[imap]\nprot = 1', 'imap.prot', 'Did you mean port in [imap]?'],
    ['[imap]\ntlsport = 1', 'imap.tlsport', 'Did you mean tls_port in [imap]?'],
    ['tls_port = 1', 'tls_port', 'Did you mean tls_port in [imap]?'],
    ['datadir = "x"', 'datadir', 'Did you mean data_dir?'],
    ['[insights]\ndatabase_fil = "x"', 'insights.database_fil', 'Did you mean database_file in [insights]?'],
    ['[imap.port]\nx = 1', 'imap.port', 'Expected a whole number'],
    ['imap = 1', 'imap', 'write [imap]'],
    ['[tmuks]\nimage = "x"', 'tmuks', 'There is no such key.'],
    ['[tmux]\nimages = "x"', 'tmux.images', 'Did you mean image in [tmux]?'],
  ])('in the file: %j', (toml, key, message) => {
    const cwd = folderWith(toml);
    const origin = join(cwd, 'scorpiox.toml');
    expect(failed({ cwd })).toEqual([{ key, origin, message: expect.stringContaining(message) }]);
  });

  test('in the environment, with the nearest variable', () => {
    const env = { SCORPIOX_IMAP_PRT: '1', SCORPIOX_XYZ: '1' };
    const [near, far] = failed({ cwd: temporaryFolder(), env });
    expect(near).toMatchObject({
      origin: 'environment SCORPIOX_IMAP_PRT',
      message: expect.stringContaining('SCORPIOX_IMAP_PORT?'),
    });
    expect(far).toMatchObject({ key: 'SCORPIOX_XYZ', message: 'There is no such key.' });
  });

  test('but other parts’ variables and other programs’ are left alone', () => {
    const names = ['NODE', 'URL', 'TOKEN', 'REQUIRE_ALL', 'SESSION', 'TEST_MAIL', 'TEST_MSSQL'];
    const env = { ...Object.fromEntries(names.map((name) => [`SCORPIOX_${name}`, 'x'])), SCORPIO_X: '1', HOME: '/' };
    expect(load({ cwd: temporaryFolder(), env }).ok).toBe(true);
  });

  test('as a flag', () => {
    expect(failed({ cwd: temporaryFolder(), flags: { 'imap.tls-port': '1' } })).toMatchObject([
      { message: 'There is no such key. Did you mean --imap-tls-port?' },
    ]);
  });
});

describe('bad values', () => {
  test.each([
    ['imap.port', 'SCORPIOX_IMAP_PORT', ['', 'x', '65536', '-1', '1.5', '0x10', '1e3', ' 1']],
    ['imap.host', 'SCORPIOX_IMAP_HOST', ['', ' ', ' a']],
    [
      'insights.public_url',
      'SCORPIOX_INSIGHTS_PUBLIC_URL',
      ['x', 'ftp://a', 'http://a/b', 'http://u:p@a', 'http://a?b'],
    ],
    ['data_dir', 'SCORPIOX_DATA_DIR', ['', 'a\0b']],
    ['tmux.roots', 'SCORPIOX_TMUX_ROOTS', ['', '/a,', '~ada/x', 'a\0b']],
    ['tmux.image', 'SCORPIOX_TMUX_IMAGE', ['', '--privileged', 'a b', 'a;b', `x${'y'.repeat(255)}`]],
    ['tmux.engine', 'SCORPIOX_TMUX_ENGINE', ['', 'lxc', 'Podman']],
    ['tmux.command', 'SCORPIOX_TMUX_COMMAND', ['', ' ', "it's", 'a "b', '-x', "''", 'A=B c', 'a\0b']],
    ['tmux.model', 'SCORPIOX_TMUX_MODEL', ['', 'a b', '$(x)', 'ü', 'x'.repeat(101)]],
    ['telemetry.connection_string', 'SCORPIOX_TELEMETRY_CONNECTION_STRING', ['', 'x', 'InstrumentationKey=k']],
    [
      'insights.database',
      'SCORPIOX_INSIGHTS_DATABASE',
      [
        '',
        'postgres://a',
        'sqlite:',
        'sqlite:///a.db',
        'mssql://host/db',
        'mssql://u:p@host',
        'mssql://u@host/db',
        'mssql://u:p@host:x/db',
        'mssql://u:p@host:70000/db',
        'mssql://u:%@host/db',
        'mssql://u:p@host/db?encrypt=yes',
        'mssql://u:p@host/db?timeout=1',
      ],
    ],
  ])('of %s are refused with key, origin and what was expected', (key, variable, values) => {
    const cwd = temporaryFolder();
    for (const value of values) {
      const origin = `environment ${variable}`;
      const message = expect.stringMatching(/^Expected .+\.$/);
      expect(failed({ cwd, env: { [variable]: value } }), value).toEqual([{ key, origin, message }]);
    }
  });

  test.each([
    ['claude --continue', ['claude', '--continue']],
    [` a\t'b  c' "d'e"f ''`, ['a', 'b  c', "d'ef", '']],
    ['$(x) ;`y` \\', ['$(x)', ';`y`', '\\']],
  ])('the words of %j', (text, words) => {
    expect(loaded({ cwd: temporaryFolder(), env: { SCORPIOX_TMUX_COMMAND: text } }).tmux.command).toEqual(words);
  });

  test('the roots of projects start at the file, or at home', () => {
    const cwd = folderWith('[tmux]\nroots = "~, ~/a, b, /c"');
    expect(loaded({ cwd, env: { HOME: '/home/ada' } }).tmux.roots).toEqual([
      '/home/ada',
      '/home/ada/a',
      join(cwd, 'b'),
      '/c',
    ]);
  });

  test('in the file a port is a number', () => {
    expect(loaded({ cwd: folderWith('[imap]\nport = 0') }).imap.port).toBe(0);
    for (const value of ['true', '1.5', '[1]', '1979-05-27']) {
      expect(failed({ cwd: folderWith(`[imap]\nport = ${value}`) })).toMatchObject([{ key: 'imap.port' }]);
    }
  });

  test('all are told at once, from all sources', () => {
    const cwd = folderWith('nonsense = 1\n[imap]\nport = "x"\n');
    const errors = failed({
      cwd,
      env: { SCORPIOX_INSIGHTS_PORT: 'y', SCORPIOX_NOPE: '1' },
      flags: { 'imap.tls_port': 'z' },
    });
    expect(errors.map((error) => error.key).sort()).toEqual(
      ['SCORPIOX_NOPE', 'imap.port', 'imap.tls_port', 'insights.port', 'nonsense'].sort(),
    );
    const text = describeConfigErrors(errors);
    expect(text).toContain('5 places');
    for (const { key, origin } of errors) expect(text).toContain(`${key} (${origin}): `);
  });

  test('a certificate without its key, or the other way round', () => {
    const cwd = temporaryFolder();
    expect(failed({ cwd, env: { SCORPIOX_IMAP_TLS_CERT: 'c' } })).toMatchObject([{ key: 'imap.tls_key' }]);
    expect(failed({ cwd, env: { SCORPIOX_IMAP_TLS_KEY: 'k' } })).toMatchObject([{ key: 'imap.tls_cert' }]);
  });
});

describe('secrets', () => {
  const MSSQL = 'mssql://sa:p%40ss%2Fword@db.example.net/insights?encrypt=false&trustServerCertificate=true';

  test('a SQL Server is taken apart, user and password decoded', () => {
    const { database } = loaded({ cwd: temporaryFolder(), env: { SCORPIOX_INSIGHTS_DATABASE: MSSQL } }).insights;
    if (database.kind !== 'mssql') throw new Error('expected SQL Server');
    const { password, ...rest } = database;
    expect(password.reveal()).toBe('p@ss/word');
    expect(rest).toEqual({
      kind: 'mssql',
      host: 'db.example.net',
      port: 1433,
      database: 'insights',
      user: 'sa',
      encrypt: false,
      trustServerCertificate: true,
    });
  });

  test('encryption and certificate checks are on unless switched off', () => {
    const env = { SCORPIOX_INSIGHTS_DATABASE: 'mssql://u:p@[::1]:1444/d' };
    expect(loaded({ cwd: temporaryFolder(), env }).insights.database).toMatchObject({
      host: '::1',
      port: 1444,
      encrypt: true,
      trustServerCertificate: false,
    });
  });

  test('show in no print of the configuration', () => {
    const env = { SCORPIOX_INSIGHTS_DATABASE: MSSQL, SCORPIOX_TELEMETRY_CONNECTION_STRING: CONNECTION };
    const config = loaded({ cwd: temporaryFolder(), env });
    expect(config.telemetry.connectionString?.reveal()).toBe(CONNECTION);
    const secret = config.telemetry.connectionString;
    for (const shown of [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${secret}`,
      inspect({ ...secret }),
    ]) {
      expect(shown).not.toMatch(/p@ss|p%40ss|2f1c0f2e/);
    }
    expect(inspect(config, { depth: 9 })).toContain('[secret]');
  });

  test('show in no error either', () => {
    const broken = ['mssql://sa:hunter2@db', 'sqlite://hunter2', 'mssql://sa:hunter2@db/x?hunter2=1', 'hunter2'];
    for (const value of broken) {
      const env = {
        SCORPIOX_INSIGHTS_DATABASE: value,
        SCORPIOX_TELEMETRY_CONNECTION_STRING: `InstrumentationKey=hunter2;${value}`,
      };
      expect(describeConfigErrors(failed({ cwd: temporaryFolder(), env }))).not.toContain('hunter2');
    }
  });

  test('are no flags, where every user of the machine could read them', () => {
    const errors = failed({ cwd: temporaryFolder(), flags: { 'telemetry.connection_string': CONNECTION } });
    expect(errors).toMatchObject([{ key: 'telemetry.connection_string', message: expect.stringContaining('no flag') }]);
    expect(JSON.stringify(errors)).not.toContain('2f1c0f2e');
  });

  test('come from files, without the line end, relative to the configuration file', () => {
    const cwd = folderWith('[telemetry]\nconnection_string_file = "secrets/telemetry"\n');
    mkdirSync(join(cwd, 'secrets'));
    writeFileSync(join(cwd, 'secrets/telemetry'), `${CONNECTION}\r\n`);
    expect(loaded({ cwd }).telemetry.connectionString?.reveal()).toBe(CONNECTION);
  });

  test('a secret’s file that is missing or far too large is an error, and the default is not used in silence', () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'large'), 'x'.repeat(100_000));
    for (const [file, reason] of [
      ['gone', 'ENOENT'],
      ['large', 'larger'],
    ] as const) {
      const [error] = failed({ cwd, env: { SCORPIOX_INSIGHTS_DATABASE_FILE: file } });
      expect(error).toMatchObject({ key: 'insights.database_file', message: expect.stringContaining(reason) });
    }
  });
});

describe('networks of reverse proxies', () => {
  const trustProxy = (text: string) => load({ cwd: temporaryFolder(), env: { SCORPIOX_INSIGHTS_TRUST_PROXY: text } });

  test.each([
    ['', []],
    ['127.0.0.1', ['127.0.0.1']],
    [' 127.0.0.1, 10.0.0.0/8 ,fd00::/8,', ['127.0.0.1', '10.0.0.0/8', 'fd00::/8']],
  ])('%j', (text, expected) => {
    expect(trustProxy(text)).toMatchObject({ ok: true, value: { insights: { trustProxy: expected } } });
  });

  test.each([
    'true',
    'proxy.local',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '*',
  ])('not %s', (text) => {
    expect(trustProxy(text)).toMatchObject({ ok: false, error: [{ key: 'insights.trust_proxy' }] });
  });
});

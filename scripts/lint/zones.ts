// Who may import whom. The house's walls as data: a rule a zone, checked for every import of every source file.
// Cycles are Biome's business (noImportCycles), unused exports knip's.

/** A set of files and what they may reach. Paths are relative to the repository, `from` and `may` are prefixes. */
export interface Zone {
  readonly from: string;
  /** Prefixes of the repository's own files that this zone may import, itself included. */
  readonly may: readonly string[];
}

const imap = (folder: string, ...others: readonly string[]): Zone => ({
  from: `apps/imap/src/${folder}`,
  may: [folder, ...others].map((name) => (name.startsWith('packages/') ? name : `apps/imap/src/${name}`)),
});

const maildir = (folder: string, ...others: readonly string[]): Zone => ({
  from: `packages/maildir/src/${folder}`,
  may: [folder, ...others].map((name) => `packages/maildir/src/${name}`),
});

/** The first zone whose `from` is a prefix of a file's path is the one that binds it. */
export const ZONES: readonly Zone[] = [
  imap('wire/'),
  imap('trace/', 'limits.ts', 'wire/', 'admin/', 'packages/maildir/'),
  imap('fleet/', 'limits.ts', 'auth/', 'server/', 'admin/', 'packages/shared/'),
  imap('admin/', 'limits.ts', 'packages/shared/'),
  imap('message/', 'packages/maildir/src/mime/'),
  imap('auth/', 'limits.ts', 'wire/', 'packages/shared/'),
  imap('mailbox/', 'limits.ts', 'wire/', 'message/', 'packages/maildir/', 'packages/shared/'),
  imap('commands/', 'limits.ts', 'wire/', 'message/', 'mailbox/', 'auth/', 'packages/maildir/', 'packages/shared/'),
  imap(
    'session/',
    'limits.ts',
    'wire/',
    'message/',
    'mailbox/',
    'auth/',
    'commands/',
    'trace/',
    'packages/maildir/',
    'packages/shared/',
  ),
  imap('lmtp/', 'limits.ts', 'wire/', 'mailbox/', 'packages/shared/'),
  {
    from: 'apps/insights-api/src/ingest/formats/',
    may: ['apps/insights-api/src/limits.ts', 'apps/insights-api/src/ingest/', 'packages/shared/'],
  },
  { from: 'apps/insights-web/src/lib/', may: ['apps/insights-web/src/lib/', 'packages/shared/'] },
  {
    from: 'apps/insights-web/src/components/',
    may: ['apps/insights-web/src/components/', 'apps/insights-web/src/lib/', 'packages/shared/'],
  },
  {
    from: 'apps/insights-web/src/features/',
    may: [
      'apps/insights-web/src/features/',
      'apps/insights-web/src/components/',
      'apps/insights-web/src/lib/',
      'packages/shared/',
    ],
  },
  { from: 'apps/cli/src/ops/', may: ['apps/cli/src/ops/', 'packages/'] },
  { from: 'apps/imap/', may: ['apps/imap/', 'packages/'] },
  { from: 'apps/insights-api/', may: ['apps/insights-api/', 'packages/shared/'] },
  { from: 'apps/insights-web/', may: ['apps/insights-web/', 'packages/shared/'] },
  { from: 'apps/cli/', may: ['apps/cli/', 'packages/', 'scripts/launch.mjs'] },
  { from: 'packages/shared/', may: ['packages/shared/'] },
  maildir('mime/'),
  maildir('names/', 'api.ts', 'errors.ts', 'limits.ts'),
  maildir('files/', 'names/', 'api.ts', 'errors.ts', 'limits.ts', 'slices.ts'),
  maildir('index/', 'names/', 'files/', 'api.ts', 'errors.ts', 'limits.ts', 'log.ts', 'slices.ts', 'threads.ts'),
  { from: 'packages/maildir/', may: ['packages/maildir/'] },
];

/** Packages that only some rooms may use, each with those rooms. */
const GUARDED: Readonly<Record<string, readonly string[]>> = {
  mssql: ['apps/insights-api/src/store/sqlserver/', 'packages/shared/src/database/'],
  'node:sqlite': [
    'apps/insights-api/src/store/sqlite/',
    'apps/insights-api/src/writer/spool/',
    'packages/shared/src/database/',
    'packages/shared/src/accounts/',
    'packages/maildir/src/index/',
  ],
  fastify: ['apps/insights-api/src/http/'],
  'node-forge': ['packages/shared/src/certificates/'],
  // In the IMAP server only `server/` knows sockets; elsewhere node:net is asked what an address is.
  'node:net': ['apps/imap/src/server/', 'apps/insights-api/src/', 'apps/cli/src/ops/', 'packages/shared/src/'],
  'node:tls': ['apps/imap/src/server/', 'apps/cli/src/ops/imap-client/', 'apps/cli/src/ops/cert/'],
  // Threads are started in two places, which know what a thread must not do; the others are threads' programs.
  'node:worker_threads': [
    'apps/insights-api/src/threads/',
    'packages/maildir/src/threads.ts',
    'packages/maildir/src/text/',
    'packages/maildir/src/index/check-worker.ts',
    'apps/cli/src/ops/refs/scan/threads/',
  ],
};

/** Why `file` may not import `target`, or undefined. `target` is a path of the repository or a package's name. */
export function forbidden(file: string, target: string): string | undefined {
  const rooms = GUARDED[target];
  if (rooms !== undefined) {
    return rooms.some((room) => file.startsWith(room)) ? undefined : `only ${rooms.join(', ')} may import ${target}`;
  }
  const zone = ZONES.find(({ from }) => file.startsWith(from));
  const isOurs = target.startsWith('apps/') || target.startsWith('packages/') || target.startsWith('scripts/');
  if (zone === undefined || !isOurs || zone.may.some((prefix) => target.startsWith(prefix))) return undefined;
  return `${zone.from} may import only ${zone.may.join(', ')}`;
}

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s*(?:type\s+)?(?:[\w*{}\s,$]+?\s*from\s*)?['"]([^'"\n]+)['"]|import\(\s*['"]([^'"\n]+)['"]\s*\)/gm;

/** The specifiers that a source text imports, in order. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].flatMap((match) => match[1] ?? match[2] ?? []);
}

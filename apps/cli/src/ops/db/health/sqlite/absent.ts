/** What SQLite has nothing of, with the reason: a look at it tells that, as a server does that keeps something back. */
import { NotTold, type Probe } from '../probe.ts';

const absent = (section: string, reason: string): Probe => ({
  section,
  look: () => Promise.reject(new NotTold(`not available: ${reason}`)),
});

export const processor = absent(
  'processor',
  'SQLite runs inside each program: look at the programs that `db top` shows',
);
export const memory = absent(
  'memory and cores',
  'SQLite takes what each program gives it: a cache for each connection, one core',
);
export const blocking = absent('blocking', 'SQLite keeps no list of who waits; `db blocking` shows who writes now');
export const waits = absent('waits', 'SQLite does not note what its programs wait for');
export const statements = absent('statements', 'SQLite keeps no statements');
export const inserts = absent('inserts', 'SQLite keeps no statements');
export const missingIndexes = absent(
  'missing indexes',
  'SQLite does not note which it missed; EXPLAIN QUERY PLAN tells of one statement',
);
export const settings = absent('settings', 'each connection of SQLite has its own');

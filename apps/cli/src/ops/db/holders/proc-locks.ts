/** The kernel's list of file locks (proc(5), /proc/locks), and what SQLite's locks in it mean. Pure. */

/** A lock that is held, or waited for, on a range of bytes of a file. */
interface FileLock {
  readonly pid: number;
  readonly isWrite: boolean;
  readonly isWaiting: boolean;
  readonly inode: string;
  readonly from: number;
  readonly to: number;
}

/** `1: POSIX  ADVISORY  WRITE 1234 08:01:123456 120 120`; one that is waited for has `->` before its kind. */
const LINE = /^\d+: (-> )?\S+\s+\S+\s+(READ|WRITE) (-?\d+) \S+:(\d+) (\d+) (\d+|EOF)$/;

export function parseLocks(text: string): readonly FileLock[] {
  return text.split('\n').flatMap((line) => {
    const [, waits, mode, pid, inode = '', from, to] = LINE.exec(line.trim()) ?? [];
    if (mode === undefined) return [];
    const end = to === 'EOF' ? Number.POSITIVE_INFINITY : Number(to);
    return [
      {
        pid: Number(pid),
        isWrite: mode === 'WRITE',
        isWaiting: waits !== undefined,
        inode,
        from: Number(from),
        to: end,
      },
    ];
  });
}

/** What a process does with a database, as far as its locks tell. */
export interface Holding {
  readonly reads: boolean;
  /** Whether it has a transaction open that writes: no other can begin one. */
  readonly writes: boolean;
}

/** Bytes of the -shm file (https://sqlite.org/walformat.html, WAL locks): the writer's, and those of five kinds of readers. */
const [WAL_WRITE, WAL_READ_FIRST, WAL_READ_LAST] = [120, 123, 127];

/** Bytes of the database itself without a WAL (https://sqlite.org/lockingv3.html): pending, reserved, and those of readers. */
const [PENDING, RESERVED, SHARED_FIRST] = [0x40000000, 0x40000001, 0x40000002];
const SHARED_LAST = SHARED_FIRST + 509;

/** By process. `shm` is the inode of the -shm file, where there is one: in WAL mode the locks on the database itself say nothing. */
export function holdingsOf(
  locks: readonly FileLock[],
  inodes: { readonly database: string; readonly shm?: string },
): ReadonlyMap<number, Holding> {
  const held = locks.filter(({ isWaiting, inode }) => !isWaiting && inode === (inodes.shm ?? inodes.database));
  const isWal = inodes.shm !== undefined;
  const touches = ({ from, to }: FileLock, first: number, last: number): boolean => from <= last && to >= first;
  const byPid = Map.groupBy(held, ({ pid }) => pid);
  const told = [...byPid].map(([pid, own]): [number, Holding] => {
    const writes = own.some(
      (lock) => lock.isWrite && (isWal ? touches(lock, WAL_WRITE, WAL_WRITE) : touches(lock, PENDING, RESERVED)),
    );
    const reads = own.some((lock) =>
      isWal ? touches(lock, WAL_READ_FIRST, WAL_READ_LAST) : touches(lock, SHARED_FIRST, SHARED_LAST),
    );
    return [pid, { reads, writes }];
  });
  return new Map(told.filter(([, { reads, writes }]) => reads || writes));
}

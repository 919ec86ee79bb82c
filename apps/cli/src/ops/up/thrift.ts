/**
 * What keeps the servers' memory small. They cannot set this themselves: both have to be known before a process begins. The
 * systemd units in deploy/ say the same.
 *
 * glibc gives every thread an arena of its own and keeps what is freed in it: after some sign-ins each thread of the IMAP
 * server's pool holds the 19 MiB of an argon2id. Two arenas are enough, and blocks of a megabyte go back to the system at
 * once. And V8's young generation may grow to three times the largest semi-space, by default 64 MiB of one for each thread:
 * an idle server needs none, and one that takes telemetry as fast as it can runs as well with a quarter. With 1,000 idle
 * connections that makes 180 MB of the IMAP server's 460, and of the API's 580 under full load 400.
 */
export const THRIFT = {
  imap: {
    env: { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576' },
    /** MiB. */
    flags: ['--max-semi-space-size=4'],
  },
  'insights-api': { env: { MALLOC_ARENA_MAX: '2' }, flags: ['--max-semi-space-size=16'] },
} as const;

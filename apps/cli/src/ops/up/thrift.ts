/**
 * What keeps the IMAP server's memory small. It cannot set this itself: both have to be known before its process begins. The
 * systemd unit in deploy/ says the same.
 *
 * glibc gives every thread an arena of its own and keeps what is freed in it: after some sign-ins each thread of the pool
 * holds the 19 MiB of an argon2id. Two arenas are enough, and blocks of a megabyte go back to the system at once. And V8's young
 * generation may grow to three times the largest semi-space, of which an idle server needs none. With 1,000 idle
 * connections that makes 180 MB of 460.
 */
export const THRIFT = {
  env: { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576' },
  /** MiB. */
  flags: ['--max-semi-space-size=4'],
} as const;

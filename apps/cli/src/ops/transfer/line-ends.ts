const CR = 13;

/** How many of the last octets are CRs; two say as much as more. */
function lastCrs(octets: Uint8Array): number {
  if (octets[octets.length - 1] !== CR) return 0;
  return octets[octets.length - 2] === CR ? 2 : 1;
}

/**
 * CRLF becomes LF, as mail lies on disk; where a CR stands before that, all of it stays. Shown with CRLFs again, it is the
 * same to the octet. Streams; pure.
 */
export async function* toLf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Buffer = Buffer.alloc(0);
  /** Whether what went before ends in a CR; then `held` begins with one. */
  for await (const chunk of content) {
    const octets = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
    const whole = octets.length - lastCrs(octets);
    held = octets.subarray(whole);
    if (whole > 0) yield withoutCrs(octets.subarray(0, whole));
  }
  if (held.length > 0) yield held;
}

function withoutCrs(octets: Buffer): Buffer {
  if (!octets.includes('\r\n')) return octets;
  return Buffer.from(octets.toString('latin1').replace(/(?<!\r)\r\n/g, '\n'), 'latin1');
}

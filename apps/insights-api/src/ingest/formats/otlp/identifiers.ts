/** A trace id: 16 bytes in hex, not all zero (W3C Trace Context §3.2.2.3). Undefined where it is none. */
export const traceIdOf = (id: string | undefined): string | undefined => idOf(id, 32);

/** A span id: 8 bytes in hex, not all zero. */
export const spanIdOf = (id: string | undefined): string | undefined => idOf(id, 16);

const idOf = (id: string | undefined, digits: number): string | undefined =>
  id?.length === digits && /[^0]/.test(id) ? id : undefined;

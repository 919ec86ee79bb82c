/** Whoever asked is gone: the rest of the answer is not looked for. No fault of anybody, so nobody is told. */
export class NobodyWaits extends Error {
  override readonly name = 'NobodyWaits';
}

/** COMPRESS (RFC 4978): what follows the answer is compressed, either way. */
import type { CommandOf } from '../wire/command.ts';
import { bad, type Context, no, type Outcome, ok } from './context.ts';

export async function compress({ transport }: Context, { mechanism }: CommandOf<'COMPRESS'>): Promise<Outcome> {
  if (transport.compressed === undefined) return bad('COMPRESS is not offered here.');
  if (mechanism !== 'DEFLATE') return no('That mechanism is not offered; use DEFLATE.');
  if (transport.compressed) return no('It is compressed already.', { code: 'COMPRESSIONACTIVE' });
  return { ...ok('Compression begins.'), next: 'compress' };
}

import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { DECODED_BYTES } from '../limits.ts';

/** Why a body could not be read. */
export interface DecodeProblem {
  readonly code: 'too-large' | 'bad-encoding' | 'unknown-encoding';
  readonly message: string;
}

const unpackers = { gzip: promisify(gunzip), deflate: promisify(inflate) };

const tooLarge: DecodeProblem = {
  code: 'too-large',
  message: `The body is larger than ${DECODED_BYTES} bytes when decompressed; send smaller batches.`,
};

/**
 * Step "decode": the body's text, decompressed outside the event loop and never beyond the limit, however small it was
 * packed. A byte order mark is left out.
 */
export async function decodeBody(body: Buffer, encoding: string | undefined): Promise<Result<string, DecodeProblem>> {
  const unpacked = await unpack(body, encoding?.trim().toLowerCase() ?? '');
  if (!unpacked.ok) return unpacked;
  if (unpacked.value.length > DECODED_BYTES) return err(tooLarge);
  return ok(new TextDecoder().decode(unpacked.value));
}

async function unpack(body: Buffer, encoding: string): Promise<Result<Buffer, DecodeProblem>> {
  if (encoding === '' || encoding === 'identity') return ok(body);
  const name = encoding === 'x-gzip' ? 'gzip' : encoding;
  if (name !== 'gzip' && name !== 'deflate') {
    return err({ code: 'unknown-encoding', message: 'Content-Encoding must be gzip, deflate or absent.' });
  }
  try {
    return ok(await unpackers[name](body, { maxOutputLength: DECODED_BYTES }));
  } catch (error) {
    const isBomb = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return err(isBomb ? tooLarge : { code: 'bad-encoding', message: `The body is not valid ${name} data.` });
  }
}

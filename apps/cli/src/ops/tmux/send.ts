import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { SEND_MAX, SEND_PIECE } from './limits.ts';
import type { Tmux } from './tmux.ts';

/**
 * Types a text into a session, letter by letter as it is: no name of a key means the key. A pane whose history somebody
 * looks at is taken back to its program first, or the letters would be commands of that view.
 */
export async function sendText(
  tmux: Tmux,
  id: string,
  text: string,
  { enter }: { readonly enter: boolean },
): Promise<Result<void, Failure>> {
  if (Buffer.byteLength(text) > SEND_MAX) {
    return err({
      kind: 'usage',
      message: `The text is longer than ${SEND_MAX} bytes: put it into a file of the project.`,
    });
  }
  const target = `${id}:`;
  const typing = piecesOf(text).map((piece) => ['send-keys', '-t', target, '-l', '--', piece]);
  const messages = [...typing, ...(enter ? [['send-keys', '-t', target, 'Enter']] : [])];
  const back = await tmux.change([['copy-mode', '-q', '-t', target]]);
  if (!back.ok) return back;
  for (const message of messages) {
    const sent = await tmux.change([message]);
    if (!sent.ok) return sent;
  }
  return ok(undefined);
}

/** Pieces that each fit one message to tmux; none ends within a character. */
export function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let octets = 0;
  for (const character of text) {
    const more = Buffer.byteLength(character);
    if (octets + more > SEND_PIECE) {
      pieces.push(piece);
      [piece, octets] = ['', 0];
    }
    piece += character;
    octets += more;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

import { err, ok, type Result } from '@scorpiox/shared/result';
// With its program inside: a built CLI is one folder, and has no node_modules to find a file in.
import { raw } from 'jq-wasm/inline';

/** What a jq filter makes of JSON, a line each, texts without quotes; or what jq has against it. */
export async function runJq(json: string, filter: string): Promise<Result<string, string>> {
  const { stdout, stderr, exitCode } = await raw(json, filter, ['-r', '-c']);
  if (exitCode !== 0) return err(reasonOf(stderr));
  return ok(stdout === '' || stdout.endsWith('\n') ? stdout : `${stdout}\n`);
}

/** The first line that says something, without what names the program. */
function reasonOf(text: string): string {
  const [line = ''] = text.split('\n');
  return line.replace(/^jq: (?:error(?: \([^)]*\))?: )?/, '').replace(/:$/, '');
}

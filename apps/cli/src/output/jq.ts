import { err, ok, type Result } from '@scorpiox/shared/result';
import { raw } from 'jq-wasm';

/** What a jq filter makes of JSON, a line each, texts without quotes; or what jq has against it. */
export async function runJq(json: string, filter: string): Promise<Result<string, string>> {
  try {
    const printed = await raw(json, filter, ['-r', '-c']);
    return ok(printed === '' || printed.endsWith('\n') ? printed : `${printed}\n`);
  } catch (error) {
    return err(reasonOf(error instanceof Error ? error.message : String(error)));
  }
}

/** The first line that says something, without what names the program. */
function reasonOf(text: string): string {
  const [line = ''] = text.replace(/^Failed to execute raw query: /, '').split('\n');
  return line.replace(/^jq: (?:error(?: \([^)]*\))?: )?/, '');
}

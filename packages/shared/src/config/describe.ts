import type { ConfigError } from './config.ts';

/** The errors as text for stderr: a line each, with key and origin. */
export function describeConfigErrors(errors: readonly ConfigError[]): string {
  const lines = errors.map(({ key, origin, message }) => `  ${key} (${origin}): ${message}`);
  const head =
    errors.length === 1 ? 'The configuration is wrong:' : `The configuration is wrong in ${errors.length} places:`;
  return `${[head, ...lines].join('\n')}\n`;
}

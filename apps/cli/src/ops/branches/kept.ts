/** Branches that stay whatever became of them, by their names. Pure. */

/** Names that are kept unless told otherwise: long-lived branches, as most people call them. */
export const KEPT_ALWAYS = ['main', 'master', 'trunk', 'develop', 'release/*', 'releases/*'] as const;

/** The first of the patterns that a branch's name is one of. `*` is any characters, `?` any one. */
export function keptBy(name: string, patterns: readonly string[]): string | undefined {
  return patterns.find((pattern) => expressionOf(pattern).test(name));
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}

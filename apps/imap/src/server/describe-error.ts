/** What of an error may be logged: its kind and where it came from. Messages of strange errors may hold anything. */
export function describeError(error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (!(error instanceof Error)) return code ?? (error === undefined ? undefined : typeof error);
  return {
    name: error.name,
    code,
    at: error.stack
      ?.split('\n')
      .slice(1, 6)
      .map((line) => line.trim()),
  };
}

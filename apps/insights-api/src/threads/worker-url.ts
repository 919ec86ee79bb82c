/**
 * Where a worker's program is: beside the file whose `import.meta.url` is given, as TypeScript in the source tree and as
 * JavaScript in the built folder, which has all programs side by side.
 */
export function workerUrl(beside: string, name: string): URL {
  const extension = beside.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${extension}`, beside);
}

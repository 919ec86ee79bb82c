/** Where a worker's program is: beside this file, as TypeScript in the source tree and as JavaScript in the built folder. */
export function workerUrl(name: 'writer-thread' | 'reader-thread'): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${extension}`, import.meta.url);
}

// A document that names a file which is gone misleads. Every path in back quotes or links of our Markdown that looks
// like one of the repository's is looked up.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOMS = /^(?:apps|packages|scripts|tests|bench|deploy|docs|\.ci|\.github)\//;
const QUOTED = /`([^`\s]+)`/g;
const LINK = /\]\(([^)\s#]+)(?:#[^)]*)?\)/g;
/** Placeholders and globs are no paths; dist is made by the build. */
const PATTERN = /[<>*{}…$]|\/dist(?:\/|$)/;

function missing(root: string, document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  const quoted = [...text.matchAll(QUOTED)].flatMap(([, path]) => (path && ROOMS.test(path) ? [path] : []));
  const linked = [...text.matchAll(LINK)].flatMap(([, path]) =>
    path && !/^[a-z]+:/.test(path) ? [join(dirname(document), path)] : [],
  );
  return [...quoted, ...linked].filter((path) => !PATTERN.test(path) && !existsSync(join(root, path)));
}

/** Paths that our documents name and that do not exist, as `document: path`. */
export function checkDocuments(root: string, files: readonly string[]): string[] {
  return files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => [...new Set(missing(root, file))].map((path) => `${file}: names ${path}, which does not exist`));
}

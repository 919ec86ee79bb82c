import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { forbidden, importsOf } from './zones.ts';

const SOURCE = /^(?:apps|packages)\/[^/]+\/src\/.*\.tsx?$/;

/** `@scorpiox/maildir/mime` is `packages/maildir/src/mime/`; a relative path is resolved; other names are packages. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier));
  const [, own, rest] = /^@scorpiox\/([^/]+)(?:\/(.+))?/.exec(specifier) ?? [];
  if (own === undefined) return specifier;
  const source = own === 'shared' || own === 'maildir' ? `packages/${own}/src/` : `apps/${own}/src/`;
  return rest === undefined ? source : `${source}${rest}/`;
}

/** Every import that crosses a wall, as `file: reason`. */
export function checkZones(root: string, files: readonly string[]): string[] {
  return files
    .filter((file) => SOURCE.test(file))
    .flatMap((file) =>
      importsOf(readFileSync(join(root, file), 'utf8')).flatMap((specifier) => {
        const reason = forbidden(file, targetOf(file, specifier));
        return reason === undefined ? [] : [`${file}: imports ${specifier}, but ${reason}`];
      }),
    );
}

const ENVIRONMENT = /\bprocess\s*\.\s*env\b/;
/** Roots that hand the environment to `config`, the one module that reads it, and the one that passes it on to git. */
const MAY_READ_ENVIRONMENT = /\/(?:src\/main\.ts|src\/config\/.*|src\/io\.ts|src\/ops\/git\/environment\.ts)$/;

/** Only composition roots touch `process.env`, to hand it to the configuration. */
export function checkEnvironment(root: string, files: readonly string[]): string[] {
  return files
    .filter((file) => SOURCE.test(file) && !MAY_READ_ENVIRONMENT.test(file))
    .filter((file) => ENVIRONMENT.test(readFileSync(join(root, file), 'utf8')))
    .map((file) => `${file}: reads process.env; only main.ts hands the environment to the configuration`);
}

import { NAME_LENGTH } from '@scorpiox/shared/database';

/**
 * The name of an application as a sender under a shared key gives it (`ai.cloud.role`, `service.name`), as the platform
 * spells names: what has no place in one becomes a hyphen, and what is too long is cut. Undefined where nothing is left.
 */
export function toAppName(given: string): string | undefined {
  const name = given
    .replace(/[^A-Za-z0-9 ._()-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, NAME_LENGTH)
    .replace(/[ ]+$/, '');
  return name === '' ? undefined : name;
}

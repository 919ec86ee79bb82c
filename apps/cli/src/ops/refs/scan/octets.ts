/**
 * Paths as texts of which each character is an octet (Latin-1): names are octets, and these can be put together, compared
 * and kept in maps.
 */
export type OctetText = string;

export const octetText = (octets: Buffer): OctetText => octets.toString('latin1');
export const octetsOfText = (text: OctetText): Buffer => Buffer.from(text, 'latin1');

export const joined = (folder: OctetText, name: OctetText): OctetText =>
  folder === '/' ? `/${name}` : `${folder}/${name}`;

/** Whether it is that folder or below it. */
export const isWithin = (path: OctetText, folder: OctetText): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

/** A path below a folder, as seen from there; empty for itself. */
export const below = (path: OctetText, folder: OctetText): OctetText =>
  folder === '/' ? path.slice(1) : path.slice(folder.length + 1);

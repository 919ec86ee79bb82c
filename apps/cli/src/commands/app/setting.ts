import { InvalidArgumentError } from 'commander';

/** A whole number, or `default` (undefined): the database says which numbers it takes. */
export function parseSetting(text: string): { readonly value: number | undefined } {
  if (text === 'default') return { value: undefined };
  if (/^\d{1,9}$/.test(text)) return { value: Number(text) };
  throw new InvalidArgumentError('It must be a whole number, or default.');
}

/** What somebody typed, without blanks around it. */
export const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** As it was typed: blanks are part of a password. */
export const secretOf = (form: FormData, name: string): string => String(form.get(name) ?? '');

/** A number; null where nothing was typed. */
export function numberOrNull(form: FormData, name: string): number | null {
  const text = textOf(form, name);
  return text === '' ? null : Number(text);
}

/** `viewer`, `admin`, or null for neither. */
export function roleOrNull(form: FormData, name: string): 'viewer' | 'admin' | null {
  const text = textOf(form, name);
  return text === 'viewer' || text === 'admin' ? text : null;
}

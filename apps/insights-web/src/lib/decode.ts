/**
 * Small decoders for what the API answers: a value of the wanted type, or undefined when the answer is something else.
 * Written by hand because the contracts' schemas would bring their whole library into the page.
 */
export type Decoder<T> = (value: unknown) => T | undefined;

export const text: Decoder<string> = (value) => (typeof value === 'string' ? value : undefined);

export const number: Decoder<number> = (value) => (Number.isFinite(value) ? Number(value) : undefined);

export const flag: Decoder<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** An ISO 8601 moment that Date understands. */
export const moment: Decoder<string> = (value) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;

/** The value, or null. */
export const nullable =
  <T>(inner: Decoder<T>): Decoder<T | null> =>
  (value) =>
    value === null ? null : inner(value);

/** The value, or null where the answer leaves it out or says null. */
export const optional =
  <T>(inner: Decoder<T>): Decoder<T | null> =>
  (value) =>
    value === undefined || value === null ? null : inner(value);

export const oneOf =
  <const T extends string>(options: readonly T[]): Decoder<T> =>
  (value) =>
    options.find((option) => option === value);

/** An array in which every element decodes. */
export const list =
  <T>(inner: Decoder<T>): Decoder<T[]> =>
  (value) => {
    if (!Array.isArray(value)) return undefined;
    const decoded: T[] = [];
    for (const element of value) {
      const one = inner(element);
      if (one === undefined) return undefined;
      decoded.push(one);
    }
    return decoded;
  };

/** An object in which every named field decodes; other fields are ignored, so the API may add some. */
export const record =
  <T extends object>(fields: { readonly [K in keyof T]-?: Decoder<T[K]> }): Decoder<T> =>
  (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const decoded: Partial<T> = {};
    for (const key in fields) {
      const field = fields[key](Reflect.get(value, key));
      if (field === undefined) return undefined;
      decoded[key] = field;
    }
    return decoded as T; // the loop has set every key of T, or returned
  };

/** An object of whatever keys, in which every value decodes. */
export const dictionary =
  <T>(inner: Decoder<T>): Decoder<Record<string, T>> =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const decoded: [string, T][] = [];
    for (const [key, element] of Object.entries(value)) {
      const one = inner(element);
      if (one === undefined) return undefined;
      decoded.push([key, one]);
    }
    return Object.fromEntries(decoded);
  };

/** The keys of an object type that may be absent. */
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

/** An object in which `fields` are there and decode, and those of `more` decode where they are there. */
export const recordWith =
  <T extends object>(
    fields: { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: Decoder<T[K]> },
    more: { readonly [K in OptionalKeys<T>]-?: Decoder<Exclude<T[K], undefined>> },
  ): Decoder<T> =>
  (value) => {
    const here = record(fields as { readonly [K in string]: Decoder<unknown> })(value);
    if (here === undefined) return undefined;
    const present = Object.keys(more).filter((key) => Reflect.get(Object(value), key) !== undefined);
    const decoded = record(Object.fromEntries(present.map((key) => [key, Reflect.get(more, key)])))(value);
    // Every key that T asks for is in `here`, every other that is there in `decoded`.
    return decoded === undefined ? undefined : ({ ...here, ...decoded } as T);
  };

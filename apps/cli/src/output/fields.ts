/** One named thing, its fields in the order in which they are shown. */
export type Fields = Readonly<Record<string, string | number | boolean | null>>;

import type { AnyValue, KeyValue } from './messages.ts';

/** Attributes by key while an event is made of them: what becomes a field of its own is taken out. */
export class Attributes {
  readonly #values: Map<string, AnyValue>;

  constructor(list: readonly KeyValue[]) {
    this.#values = new Map(
      list.flatMap(({ key, value }) => (key && value !== undefined ? [[key, value] as const] : [])),
    );
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The text of the first of these keys that has one; it and its older names are taken out. */
  take(...keys: readonly string[]): string | undefined {
    let found: string | undefined;
    for (const key of keys) {
      const value = this.#values.get(key);
      if (value === undefined) continue;
      found ??= textOf(value);
      this.#values.delete(key);
    }
    return found;
  }

  /** The same without taking it out. */
  peek(...keys: readonly string[]): string | undefined {
    for (const key of keys) {
      const value = this.#values.get(key);
      const text = value === undefined ? undefined : textOf(value);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** What is left, all of it as text. */
  texts(): Record<string, string> {
    const entries = [...this.#values].map(([key, value]) => [key, textOf(value)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** What is left: numbers that a double holds as measurements, everything else as properties. */
  split(): { readonly properties: Record<string, string>; readonly measurements: Record<string, number> } {
    const measurements: [string, number][] = [];
    for (const [key, value] of this.#values) {
      const number = value.doubleValue ?? Number(value.intValue ?? Number.NaN);
      const exact = Number.isFinite(number) && (value.intValue === undefined || Number.isSafeInteger(number));
      if (!exact) continue;
      measurements.push([key, number]);
      this.#values.delete(key);
    }
    return { properties: this.texts(), measurements: Object.fromEntries(measurements) };
  }
}

/** Any value as text: lists and maps as JSON. Undefined where it is empty. */
export function textOf(value: AnyValue): string | undefined {
  const plain = toPlain(value);
  const text = typeof plain === 'object' && plain !== null ? JSON.stringify(plain) : String(plain ?? '');
  return text === '' ? undefined : text;
}

/** No deeper than messages nest (MESSAGE_DEPTH), so recursion is safe here. */
function toPlain(value: AnyValue): unknown {
  const { arrayValue, kvlistValue, intValue } = value;
  if (arrayValue !== undefined) return arrayValue.values.map(toPlain);
  if (kvlistValue !== undefined) {
    return Object.fromEntries(kvlistValue.values.map((pair) => [pair.key ?? '', pair.value && toPlain(pair.value)]));
  }
  if (intValue !== undefined) return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : String(intValue);
  const { doubleValue } = value;
  if (doubleValue !== undefined && !Number.isFinite(doubleValue)) return String(doubleValue);
  return value.stringValue ?? value.boolValue ?? doubleValue ?? value.bytesValue;
}

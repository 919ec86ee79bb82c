/** Many numbers, in one flat array that grows: eight bytes each. */
export class Numbers {
  #all = new Float64Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.#all.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#all);
      this.#all = larger;
    }
    this.#all[this.length] = value;
    this.length += 1;
  }

  /** They themselves, not a copy. */
  values(): Float64Array {
    return this.#all.subarray(0, this.length);
  }
}

/** The first place in an ascending array whose value is not below `value`. */
export function lowerBound(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const has = (ascending: Float64Array, value: number): boolean =>
  ascending[lowerBound(ascending, value)] === value;

/**
 * The first place of an ascending list that is not before what is looked for, or the list's length.
 * @param isBefore whether the element at a place comes before it: true up to some place, false from there on.
 */
export function firstPlace(length: number, isBefore: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

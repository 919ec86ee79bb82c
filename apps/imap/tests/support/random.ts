/** Numbers that look random and are the same for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const pick = <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0];
  return { below, pick };
}

export interface Random {
  /** Some number from 0 to below the limit. */
  below(limit: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
}

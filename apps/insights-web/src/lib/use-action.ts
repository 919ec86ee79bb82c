import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

export interface Action {
  /** Does it, unless it is being done already, and asks again for what the page shows. Whether it worked. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly pending: boolean;
  /** Why the last time did not work; null otherwise. */
  readonly error: unknown;
  readonly forget: () => void;
}

/** Something that a person does to the platform, with how it goes. */
export function useAction(): Action {
  const queryClient = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (pending) return false;
    setPending(true);
    setError(null);
    try {
      await work();
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      setPending(false);
    }
  };
  return { run, pending, error, forget: () => setError(null) };
}

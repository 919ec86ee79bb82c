import { mutationOptions, useMutation } from '@tanstack/react-query';
import { command, isSignedOut } from '../http.ts';

/** Ends the session; one that is over already counts as ended. */
async function deleteSession(): Promise<void> {
  try {
    await command('/api/session', { method: 'DELETE' });
  } catch (error) {
    if (!isSignedOut(error)) throw error;
  }
}

const signOutMutation = () => mutationOptions({ mutationKey: ['sign-out'], mutationFn: deleteSession });

/** Signs out. */
export const useSignOut = () => useMutation(signOutMutation());

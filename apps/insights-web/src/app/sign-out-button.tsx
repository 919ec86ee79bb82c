import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '../components/ui/button.tsx';
import { SignOutIcon } from '../components/ui/icons.tsx';
import { useSignOut } from '../lib/api/delete-session.ts';
import { errorSentence } from '../lib/error-sentence.ts';

/** Ends the session and forgets what was fetched under it. */
export function SignOutButton() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const leave = async (): Promise<void> => {
    await navigate({ to: '/sign-in' });
    queryClient.clear();
  };
  return (
    <>
      {signOut.isError && (
        <span role="alert" className="text-xs text-fail">
          Still signed in. {errorSentence(signOut.error)}
        </span>
      )}
      <Button look="quiet" disabled={signOut.isPending} onClick={() => signOut.mutate(undefined, { onSuccess: leave })}>
        <SignOutIcon />
        <span className="max-sm:sr-only">Sign out</span>
      </Button>
    </>
  );
}

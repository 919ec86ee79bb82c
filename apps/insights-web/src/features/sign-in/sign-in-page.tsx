import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useLocation, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Banner } from '../../components/ui/banner.tsx';
import { Button } from '../../components/ui/button.tsx';
import { LogoIcon } from '../../components/ui/icons.tsx';
import { sessionQuery } from '../../lib/api/get-session.ts';
import { useSignIn } from '../../lib/api/post-session.ts';
import { usePageTitle } from '../../lib/use-page-title.ts';
import { safeReturnPath } from './return-path.ts';
import { passwordProblem } from './sign-in-error.ts';

const route = getRouteApi('/sign-in');

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type: 'text' | 'password';
  readonly autoComplete: string;
  readonly maxLength: number;
  readonly autoFocus?: boolean;
}

function Field({ label, ...input }: FieldProps) {
  return (
    <label className="flex flex-col gap-1.5 text-[0.8125rem] font-medium">
      {label}
      <input
        required
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        className="h-9 rounded-md border border-edge bg-surface px-2.5 text-base font-normal sm:text-sm pointer-coarse:h-11"
        {...input}
      />
    </label>
  );
}

const Code = ({ children }: { readonly children: ReactNode }) => (
  <code className="rounded bg-raised px-1 py-0.5 font-mono text-xs whitespace-nowrap text-soft">{children}</code>
);

function Hint() {
  return (
    <div className="mt-6 flex flex-col gap-1 text-xs leading-6 text-muted">
      <p>
        No account? <Code>scorpiox user add NAME --role viewer</Code>
      </p>
      <p>
        Or take the one-time link that <Code>npm start</Code> prints.
      </p>
    </div>
  );
}

const field = (form: FormData, name: string): string => String(form.get(name) ?? '');

/** Signs in, forgets what an earlier session fetched, and goes back to where the sign-in was asked for. */
function usePasswordSignIn() {
  const queryClient = useQueryClient();
  const router = useRouter();
  const search = route.useSearch();
  const signIn = useSignIn();
  const submit = (form: FormData): void => {
    if (signIn.isPending) return;
    signIn.mutate(
      { user: field(form, 'user').trim(), password: field(form, 'password') },
      {
        onSuccess: (session) => {
          queryClient.clear();
          queryClient.setQueryData(sessionQuery().queryKey, session);
          router.history.replace(safeReturnPath(search.return));
        },
      },
    );
  };
  return { signIn, submit };
}

/** Sign-in with an account; also says why a one-time link did not work. */
export function SignInPage() {
  usePageTitle('Sign in');
  const { signIn, submit } = usePasswordSignIn();
  const linkProblem = useLocation({ select: (location) => location.state.signInProblem });
  const problem = signIn.isError ? passwordProblem(signIn.error) : signIn.isIdle ? linkProblem : undefined;
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center px-6 py-10">
      <h1 className="mb-6 flex items-center gap-2.5 text-lg font-semibold tracking-tight">
        <LogoIcon className="size-6" />
        Sign in to Scorpiox
      </h1>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit(new FormData(event.currentTarget));
        }}
      >
        {problem !== undefined && <Banner role="alert">{problem}</Banner>}
        <Field label="Account" name="user" type="text" autoComplete="username" maxLength={64} autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" maxLength={1024} />
        <Button type="submit" look="primary" className="h-9 pointer-coarse:h-11" aria-disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
      <Hint />
    </main>
  );
}

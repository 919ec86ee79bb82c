import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from '../components/ui/button.tsx';
import { usePageTitle } from '../lib/use-page-title.ts';

function Centred({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  usePageTitle(title);
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-3 px-6">
      <h1 className="text-lg font-semibold">{title}</h1>
      {children}
    </main>
  );
}

/** An address that leads nowhere. */
export const NotFoundPage = () => (
  <Centred title="There is no such page">
    <p className="text-soft">The address may be mistyped, or from another version of the dashboard.</p>
    <Link to="/apps" className="rounded font-medium text-accent underline underline-offset-4">
      To the applications
    </Link>
  </Centred>
);

/** The page itself broke: a mistake of ours, or code that an update of the platform has replaced. */
export const CrashPage = () => (
  <Centred title="The page stopped working">
    <p className="text-soft">The platform may have been updated since it was opened. Reloading fetches it anew.</p>
    <Button look="primary" onClick={() => window.location.reload()}>
      Reload
    </Button>
  </Centred>
);

/** While a one-time link is being spent. */
export const SigningInPage = () => (
  <Centred title="Signing in">
    <p role="status" className="text-soft">
      The link is being checked.
    </p>
  </Centred>
);

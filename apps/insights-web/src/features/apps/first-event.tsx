import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { useSession } from '../../lib/api/get-session.ts';
import { useKeySettings } from '../../lib/api/settings.ts';

const curlLine = (origin: string, key: string): string =>
  [
    `curl ${origin}/api/ingest`,
    `-H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json'`,
    `-d '[{"kind":"request","name":"GET /","time":"'$(date -u +%FT%TZ)'","durationMs":12,"success":true}]'`,
  ].join(' \\\n  ');

const Step = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <li className="flex flex-col gap-2">
    <h3 className="text-[0.8125rem] font-medium">{title}</h3>
    {children}
  </li>
);

/** The key of the first application that waits, for those who may see it: what they copy then works as it is. */
function useFirstKey(registered: readonly string[], isAdmin: boolean) {
  const keys = useKeySettings(isAdmin && registered.length > 0);
  return keys.data?.keys.find(({ app, revokedAt }) => app === registered[0] && revokedAt === null);
}

/** What the page shows until any application has sent something: how to make one send. */
export function FirstEvent({ registered }: { readonly registered: readonly string[] }) {
  const { origin } = window.location;
  const isAdmin = useSession().data?.role === 'admin';
  const known = useFirstKey(registered, isAdmin);
  const connectionString =
    known?.connectionString ?? `InstrumentationKey=KEY;IngestionEndpoint=${origin};LiveEndpoint=${origin}`;
  return (
    <section className="mx-auto max-w-2xl rounded-lg border border-line bg-surface p-5 sm:p-7">
      <h2 className="font-semibold">
        {registered.length === 0 ? 'No applications yet' : 'Waiting for the first event'}
      </h2>
      <p className="mt-1 mb-5 text-pretty text-soft">
        {registered.length > 0 && `Added and not heard of yet: ${registered.join(', ')}. `}
        This page shows an application as soon as its first event arrives; there is no need to reload it.
        {isAdmin && (
          <>
            {' '}
            <Link to="/settings" className="rounded font-medium text-accent underline underline-offset-4">
              Settings
            </Link>{' '}
            add applications too, and have the set-up of every SDK.
          </>
        )}
      </p>
      <ol className="flex flex-col gap-5">
        <Step
          title={
            known === undefined
              ? '1. Add an application. This prints its key.'
              : `1. The key of ${known.app} stands below already. This adds another application.`
          }
        >
          <CodeBlock label="Terminal" code="scorpiox app add NAME" />
        </Step>
        <Step title="2. Give its Application Insights SDK the connection string …">
          <CodeBlock label="Connection string" code={connectionString} />
        </Step>
        <Step title="… or send an event by hand.">
          <CodeBlock label="Terminal" code={curlLine(origin, known?.key ?? 'KEY')} />
        </Step>
      </ol>
    </section>
  );
}

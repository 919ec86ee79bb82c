import type { ReactNode } from 'react';
import { CodeBlock } from '../../components/ui/code-block.tsx';

const curlLine = (origin: string): string =>
  [
    `curl ${origin}/api/ingest`,
    `-H 'Authorization: Bearer KEY' -H 'Content-Type: application/json'`,
    `-d '[{"kind":"request","name":"GET /","time":"'$(date -u +%FT%TZ)'","durationMs":12,"success":true}]'`,
  ].join(' \\\n  ');

const Step = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <li className="flex flex-col gap-2">
    <h3 className="text-[0.8125rem] font-medium">{title}</h3>
    {children}
  </li>
);

/** What the page shows until any application has sent something: how to make one send. */
export function FirstEvent({ registered }: { readonly registered: readonly string[] }) {
  const { origin } = window.location;
  return (
    <section className="mx-auto max-w-2xl rounded-lg border border-line bg-surface p-5 sm:p-7">
      <h2 className="font-semibold">
        {registered.length === 0 ? 'No applications yet' : 'Waiting for the first event'}
      </h2>
      <p className="mt-1 mb-5 text-pretty text-soft">
        {registered.length > 0 && `Added and not heard of yet: ${registered.join(', ')}. `}
        This page shows an application as soon as its first event arrives; there is no need to reload it.
      </p>
      <ol className="flex flex-col gap-5">
        <Step title="1. Add an application. This prints its key.">
          <CodeBlock label="Terminal" code="scorpiox app add NAME" />
        </Step>
        <Step title="2. Give its Application Insights SDK the connection string …">
          <CodeBlock label="Connection string" code={`InstrumentationKey=KEY;IngestionEndpoint=${origin}`} />
        </Step>
        <Step title="… or send an event by hand.">
          <CodeBlock label="Terminal" code={curlLine(origin)} />
        </Step>
      </ol>
    </section>
  );
}

import type { AlertRule, AlertTestResponse } from '@scorpiox/shared/contract';
import { useRef, useState } from 'react';
import { Banner } from '../../components/ui/banner.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Tag } from '../../components/ui/tag.tsx';
import { testRule } from '../../lib/api/alerts.ts';
import { errorSentence } from '../../lib/error-sentence.ts';
import { useAction } from '../../lib/use-action.ts';

function Results({ results }: AlertTestResponse) {
  if (results.length === 0) return <p className="text-soft">This rule tells nobody: give it a mail or a webhook.</p>;
  return (
    <ul className="flex flex-col gap-3">
      {results.map(({ to, delivered, problem }) => (
        <li key={to} className="flex flex-col gap-1">
          <span className="flex flex-wrap items-center gap-2">
            <Tag look={delivered ? 'accent' : 'fail'}>{delivered ? 'delivered' : 'failed'}</Tag>
            <span className="min-w-0 wrap-anywhere">{to}</span>
          </span>
          {problem !== null && <span className="text-pretty wrap-anywhere text-soft">{problem}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Sends a test of a rule's messages, and says what became of each. */
export function TestButton({ rule }: { readonly rule: AlertRule }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const action = useAction();
  const [answer, setAnswer] = useState<AlertTestResponse | null>(null);
  const send = (): void => {
    setAnswer(null);
    dialog.current?.showModal();
    void action.run(async () => setAnswer(await testRule(rule.id)));
  };
  return (
    <>
      <Button look="quiet" aria-label={`Test ${rule.name}`} onClick={send}>
        Test
      </Button>
      <Dialog dialog={dialog} title={`Test of ${rule.name}`} className="w-96 text-left whitespace-normal">
        <div role="status">
          {action.error !== null && <Banner role="alert">{errorSentence(action.error)}</Banner>}
          {action.pending && <p className="text-soft">Sending …</p>}
          {answer !== null && <Results {...answer} />}
        </div>
        <div className="mt-4 flex justify-end">
          <Button onClick={() => dialog.current?.close()}>Close</Button>
        </div>
      </Dialog>
    </>
  );
}

import type { ReactNode } from 'react';
import { CodeBlock } from '../../../components/ui/code-block.tsx';
import { SelectField } from '../../../components/ui/field.tsx';
import { setUps } from './set-ups.ts';
import type { Target } from './target.ts';

interface SetUpProps {
  readonly target: Target;
  /** What sends, as the address spells it; another word is the first way. */
  readonly sdk: string | undefined;
  readonly onSdk: (id: string) => void;
  /** What chooses the key. */
  readonly choice: ReactNode;
}

/** How an application sends under a key: its connection string, and what to copy for each SDK. */
export function SetUp({ target, sdk, onSdk, choice }: SetUpProps) {
  const all = setUps(target);
  const chosen = all.find(({ id }) => id === sdk) ?? all[0];
  return (
    <section className="mb-8 flex flex-col gap-4 rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 className="font-semibold">Set up an application</h2>
      <div className="grid max-w-2xl gap-3 sm:grid-cols-2">
        {choice}
        <SelectField label="Sends with" value={chosen?.id} onChange={(event) => onSdk(event.target.value)}>
          {all.map(({ id, language, name }) => (
            <option key={id} value={id}>
              {language === null ? name : `${language}: ${name}`}
            </option>
          ))}
        </SelectField>
      </div>
      <CodeBlock label="Connection string" code={target.connectionString} />
      {chosen?.notes !== undefined && (
        <p className="text-[0.8125rem] text-pretty text-soft">{chosen.notes.join(' ')}</p>
      )}
      {chosen?.snippets.map(({ label, code }) => (
        <CodeBlock key={code} label={label} code={code} />
      ))}
    </section>
  );
}

import { type ReactNode, useState } from 'react';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { SelectField } from '../../components/ui/field.tsx';
import { setUps, type Target } from './snippets.ts';

/** How an application sends under a key: its connection string, and what to copy for each SDK. */
export function SetUp({ target, choice }: { readonly target: Target; readonly choice: ReactNode }) {
  const all = setUps(target);
  const [id, setId] = useState(all[0]?.id);
  const chosen = all.find((one) => one.id === id) ?? all[0];
  return (
    <section className="mb-8 flex flex-col gap-4 rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 className="font-semibold">Set up an application</h2>
      <div className="grid max-w-2xl gap-3 sm:grid-cols-2">
        {choice}
        <SelectField label="Sends with" value={chosen?.id} onChange={(event) => setId(event.target.value)}>
          {all.map(({ id: value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
      <CodeBlock label="Connection string" code={target.connectionString} />
      {chosen?.note !== undefined && <p className="text-[0.8125rem] text-pretty text-soft">{chosen.note}</p>}
      {chosen?.snippets.map(({ label, code }) => (
        <CodeBlock key={label} label={label} code={code} />
      ))}
    </section>
  );
}

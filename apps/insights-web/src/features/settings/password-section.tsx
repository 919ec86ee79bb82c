import { useRef, useState } from 'react';
import { Banner } from '../../components/ui/banner.tsx';
import { Button } from '../../components/ui/button.tsx';
import { TextField } from '../../components/ui/field.tsx';
import { Panel } from '../../components/ui/panel.tsx';
import { changePassword } from '../../lib/api/settings.ts';
import { errorSentence } from '../../lib/error-sentence.ts';
import { useAction } from '../../lib/use-action.ts';
import { secretOf } from './form.ts';

/** Your own password. */
export function PasswordSection() {
  const form = useRef<HTMLFormElement>(null);
  const action = useAction();
  const [said, setSaid] = useState<'changed' | 'differ' | null>(null);
  const submit = async (given: FormData): Promise<void> => {
    const next = secretOf(given, 'next');
    setSaid(null);
    if (next !== secretOf(given, 'again')) return setSaid('differ');
    if (!(await action.run(() => changePassword(secretOf(given, 'current'), next)))) return;
    form.current?.reset();
    setSaid('changed');
  };
  return (
    <Panel
      title="Your password"
      note="The same password opens your mail. Wherever else you are signed in here, you are signed out."
    >
      <form
        ref={form}
        className="flex max-w-sm flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        {action.error !== null && <Banner role="alert">{errorSentence(action.error)}</Banner>}
        {said === 'differ' && <Banner role="alert">The new password is not the same twice.</Banner>}
        {said === 'changed' && (
          <p role="status" className="font-medium text-healthy">
            The password is changed.
          </p>
        )}
        <TextField
          label="Current password"
          name="current"
          type="password"
          required
          maxLength={1024}
          autoComplete="current-password"
        />
        <TextField
          label="New password"
          name="next"
          type="password"
          required
          maxLength={1024}
          autoComplete="new-password"
        />
        <TextField
          label="New password again"
          name="again"
          type="password"
          required
          maxLength={1024}
          autoComplete="new-password"
        />
        <Button type="submit" look="primary" className="self-start" aria-disabled={action.pending}>
          Change the password
        </Button>
      </form>
    </Panel>
  );
}

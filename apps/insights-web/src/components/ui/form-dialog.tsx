import { type ReactNode, useRef } from 'react';
import { errorSentence } from '../../lib/error-sentence.ts';
import { useAction } from '../../lib/use-action.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface FormDialogProps {
  /** What the button says. */
  readonly label: string;
  /** The same for those who cannot see which row it stands in. */
  readonly ariaLabel?: string;
  readonly look?: 'plain' | 'primary' | 'quiet';
  readonly title: string;
  /** What the button in the dialog says: what it does. */
  readonly submit: string;
  readonly onSubmit: (form: FormData) => Promise<unknown>;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button, and the box over the page that it opens: fields, or a question. It closes when what it does has worked. */
export function FormDialog(props: FormDialogProps) {
  const { label, ariaLabel, look = 'plain', title, submit, onSubmit, className = 'w-96', children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const action = useAction();
  const send = async (): Promise<void> => {
    if (form.current === null) return;
    const given = new FormData(form.current);
    if (await action.run(() => onSubmit(given))) dialog.current?.close();
  };
  const opened = (): void => {
    form.current?.reset();
    action.forget();
  };
  return (
    <>
      <Button look={look} aria-label={ariaLabel} onClick={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <Dialog dialog={dialog} title={title} onOpen={opened} className={`text-left whitespace-normal ${className}`}>
        <form
          ref={form}
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          {action.error !== null && <Banner role="alert">{errorSentence(action.error)}</Banner>}
          {children}
          <div className="mt-1 flex justify-end gap-2">
            <Button look="quiet" onClick={() => dialog.current?.close()}>
              Cancel
            </Button>
            <Button type="submit" look="primary" aria-disabled={action.pending}>
              {submit}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

import { type ReactNode, type RefObject, useEffect, useEffectEvent, useId } from 'react';

interface DialogProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly title: string;
  /** Called each time it is shown. */
  readonly onOpen?: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A box over the page with its title. Whoever holds the reference opens it with `showModal()`; Esc closes it. */
export function Dialog({ dialog, title, onOpen, className = 'w-80', children }: DialogProps) {
  const id = useId();
  const toggled = useEffectEvent((event: ToggleEvent) => {
    if (event.newState === 'open') onOpen?.();
  });
  useEffect(() => {
    const element = dialog.current;
    const listen = (event: ToggleEvent): void => toggled(event);
    element?.addEventListener('beforetoggle', listen);
    return () => element?.removeEventListener('beforetoggle', listen);
  }, [dialog]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      className={`m-auto max-w-[calc(100vw-2rem)] rounded-lg border border-line bg-surface p-5 text-[0.8125rem] text-ink shadow-xl backdrop:bg-black/40 ${className}`}
    >
      <h2 id={id} className="mb-3 text-sm font-semibold">
        {title}
      </h2>
      {children}
    </dialog>
  );
}

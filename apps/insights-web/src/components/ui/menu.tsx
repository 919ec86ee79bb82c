import { type ReactNode, type ToggleEvent, useId, useRef } from 'react';

interface MenuProps {
  readonly icon: ReactNode;
  /** The button's text; on a narrow screen only its name. */
  readonly label: string;
  readonly title: string;
  readonly children: ReactNode;
}

const WIDTH_PX = 288;
const EDGE_PX = 8;

/** A button that opens a box below itself. Esc, or a click elsewhere, closes it. */
export function Menu({ icon, label, title, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const place = (event: ToggleEvent<HTMLElement>): void => {
    const rect = button.current?.getBoundingClientRect();
    if (event.newState !== 'open' || rect === undefined) return;
    const { style } = event.currentTarget;
    style.top = `${rect.bottom + 4}px`;
    style.left = `${Math.max(EDGE_PX, Math.min(rect.right, window.innerWidth - EDGE_PX) - WIDTH_PX)}px`;
    style.maxHeight = `${window.innerHeight - rect.bottom - 4 - EDGE_PX}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        title={title}
        aria-label={title}
        className="inline-flex h-8 items-center justify-center gap-1.5 rounded-md border border-edge bg-surface px-2.5 text-[0.8125rem] font-medium hover:bg-raised pointer-coarse:h-10 pointer-coarse:min-w-10"
      >
        {icon}
        <span className="max-sm:hidden">{label}</span>
      </button>
      <section
        id={id}
        popover="auto"
        aria-label={title}
        onBeforeToggle={place}
        style={{ width: WIDTH_PX }}
        className="fixed m-0 overflow-y-auto rounded-lg border border-line bg-surface p-3 text-[0.8125rem] text-ink shadow-xl"
      >
        {children}
      </section>
    </>
  );
}

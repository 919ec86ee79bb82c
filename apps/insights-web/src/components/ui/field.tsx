import { type ComponentProps, type ReactNode, useId } from 'react';

const BOX =
  'h-8 w-full min-w-0 rounded-md border border-edge bg-surface px-2.5 text-[0.8125rem] font-normal text-ink max-sm:text-base pointer-coarse:h-11';

interface LabelProps {
  readonly label: string;
  /** What may stand there, or what it means. */
  readonly hint?: string | undefined;
}

function Labelled({
  label,
  hint,
  hintId,
  children,
}: LabelProps & { readonly hintId: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {/* The field stands inside its label. */}
      {/* biome-ignore lint/a11y/noLabelWithoutControl: it is among the children */}
      <label className="flex flex-col gap-1 text-[0.8125rem] font-medium">
        {label}
        {children}
      </label>
      {hint !== undefined && (
        <p id={hintId} className="text-xs text-pretty text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

/** A line of text, or a number, with its name above it. */
export function TextField({ label, hint, className = '', ...input }: LabelProps & ComponentProps<'input'>) {
  const hintId = useId();
  return (
    <Labelled label={label} hint={hint} hintId={hintId}>
      <input
        autoCapitalize="none"
        autoCorrect="off"
        autoComplete="off"
        spellCheck={false}
        className={`${BOX} ${className}`}
        {...(hint === undefined ? {} : { 'aria-describedby': hintId })}
        {...input}
      />
    </Labelled>
  );
}

/** One of a few. */
export function SelectField({ label, hint, children, ...select }: LabelProps & ComponentProps<'select'>) {
  const hintId = useId();
  return (
    <Labelled label={label} hint={hint} hintId={hintId}>
      <select className={BOX} {...(hint === undefined ? {} : { 'aria-describedby': hintId })} {...select}>
        {children}
      </select>
    </Labelled>
  );
}

/** Yes or no. */
export const CheckField = ({ label, ...input }: LabelProps & ComponentProps<'input'>) => (
  <label className="flex min-h-8 items-center gap-2 text-[0.8125rem] pointer-coarse:min-h-11">
    <input type="checkbox" className="size-4 shrink-0 accent-fill" {...input} />
    {label}
  </label>
);

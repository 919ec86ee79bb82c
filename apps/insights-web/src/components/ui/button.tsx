import type { ComponentProps } from 'react';

const LOOKS = {
  plain: 'border border-edge bg-surface text-ink hover:bg-raised',
  primary: 'border border-fill bg-fill text-on-fill hover:brightness-110',
  quiet: 'text-soft hover:bg-raised hover:text-ink',
};

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOKS;
}

/** A button, tall enough for a thumb where the pointer is coarse. */
export function Button({ look = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`inline-flex h-8 items-center justify-center gap-1.5 whitespace-nowrap rounded-md px-2.5 text-[0.8125rem] font-medium disabled:opacity-60 pointer-coarse:h-10 pointer-coarse:min-w-10 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}

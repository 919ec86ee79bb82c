import { Link, Outlet } from '@tanstack/react-router';
import { type RefObject, useRef } from 'react';
import { Button } from '../components/ui/button.tsx';
import { LogoIcon } from '../components/ui/icons.tsx';
import { useSession } from '../lib/api/get-session.ts';
import { useShortcut } from '../lib/keyboard.ts';
import { HelpDialog } from './help-dialog.tsx';
import { NavigationMenu, NavigationRow } from './navigation.tsx';
import { PaletteButton } from './palette/palette-button.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { useFrameKeys } from './use-frame-keys.ts';

function HelpButton({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  const open = (): void => dialog.current?.showModal();
  useShortcut('?', open);
  return (
    <Button
      look="quiet"
      className="w-8 px-0 max-sm:hidden"
      aria-label="Keyboard help"
      title="Keyboard help (?)"
      onClick={open}
    >
      ?
    </Button>
  );
}

function TopBar({ help }: { readonly help: RefObject<HTMLDialogElement | null> }) {
  const session = useSession();
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex h-12 max-w-[100rem] items-center gap-1 px-4 sm:px-6">
        <NavigationMenu />
        <Link to="/apps" className="flex items-center gap-2 rounded font-semibold tracking-tight">
          <LogoIcon />
          Scorpiox
        </Link>
        <NavigationRow />
        <span className="flex-1" />
        <PaletteButton />
        {session.data !== undefined && (
          <span className="max-w-60 truncate px-2 text-[0.8125rem] text-muted max-sm:hidden">{session.data.user}</span>
        )}
        <HelpButton dialog={help} />
        <ThemeToggle />
        <SignOutButton />
      </div>
    </header>
  );
}

/** What stands around every page that needs a session. */
export function Shell() {
  const help = useRef<HTMLDialogElement>(null);
  useFrameKeys();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-20 focus:bg-surface focus:px-2"
      >
        Skip to the content
      </a>
      <TopBar help={help} />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-[100rem] flex-1 px-4 py-5 outline-none sm:px-6">
        <Outlet />
      </main>
      <HelpDialog dialog={help} />
    </div>
  );
}

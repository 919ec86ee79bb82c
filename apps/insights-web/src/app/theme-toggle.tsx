import { Button } from '../components/ui/button.tsx';
import { MoonIcon, SunIcon, SystemIcon } from '../components/ui/icons.tsx';
import { setTheme, type Theme, useTheme } from './theme.ts';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

/** Goes round the three themes. */
export function ThemeToggle() {
  const theme = useTheme();
  const Icon = ICONS[theme];
  const label = `Theme: ${theme}. Switch to ${NEXT[theme]}.`;
  return (
    <Button look="quiet" className="w-8 px-0" aria-label={label} title={label} onClick={() => setTheme(NEXT[theme])}>
      <Icon />
    </Button>
  );
}

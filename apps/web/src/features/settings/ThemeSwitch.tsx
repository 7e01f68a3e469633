import { Moon, Sun } from 'lucide-react';
import { useSettings } from '../../desk/settings.ts';
import { otherTheme, useTheme } from '../../desk/theme.ts';
import { useMediaQuery } from '../../ui/hooks.ts';

/** Turns to the other theme. It needs no tooltip library, because the landing page has it too. */
export function ThemeSwitch() {
  const theme = useTheme();
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)');
  const set = useSettings((settings) => settings.set);
  const label = theme === 'dark' ? 'Switch to light theme' : 'Switch to dark theme';
  const Icon = theme === 'dark' ? Sun : Moon;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => set({ theme: otherTheme(theme, systemDark) })}
      className="inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors duration-120 hover:bg-surface-2 hover:text-ink-1 phone:size-11"
    >
      <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
    </button>
  );
}

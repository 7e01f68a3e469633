import { useEffect } from 'react';
import { useMediaQuery } from '../ui/hooks.ts';
import { type ThemeChoice, useSettings } from './settings.ts';

const SYSTEM_DARK = '(prefers-color-scheme: dark)';

export type Theme = 'light' | 'dark';

/** The theme in force: the choice, or the system's. */
export function useTheme(): Theme {
  const choice = useSettings((settings) => settings.theme);
  const systemDark = useMediaQuery(SYSTEM_DARK);
  if (choice === 'system') return systemDark ? 'dark' : 'light';
  return choice;
}

/** Keeps the page's colours in step with the theme in force. */
export function useAppliedTheme(): Theme {
  const theme = useTheme();
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return theme;
}

/** As `useTheme`, at this moment. */
export function themeNow(): Theme {
  const { theme } = useSettings.getState();
  return theme === 'system' ? (systemIsDark() ? 'dark' : 'light') : theme;
}

export function systemIsDark(): boolean {
  return matchMedia(SYSTEM_DARK).matches;
}

/** What the switch turns to: the other theme than the one seen, kept as “system” where that gives the same. */
export function otherTheme(seen: Theme, systemDark: boolean): ThemeChoice {
  const next: Theme = seen === 'dark' ? 'light' : 'dark';
  return (next === 'dark') === systemDark ? 'system' : next;
}

// The terminal's colours, made from the page's tokens.
import type { ITheme } from '@xterm/xterm';
import { hexReader } from '../../ui/colours.ts';

const ANSI = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const;

/** As the page's tokens are now. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const hexOf = hexReader();
  const read = (token: string, alpha?: number) => hexOf(style.getPropertyValue(token).trim(), alpha);
  return {
    ...Object.fromEntries(ANSI.map((name, i) => [name, read(`--ansi-${i}`)])),
    background: read('--surface-0'),
    foreground: read('--text-1'),
    cursor: read('--text-1'),
    cursorAccent: read('--surface-0'),
    selectionBackground: read('--selection'),
    scrollbarSliderBackground: read('--text-3', 0.25),
    scrollbarSliderHoverBackground: read('--text-3', 0.4),
    scrollbarSliderActiveBackground: read('--text-3', 0.55),
  };
}

// Keyboard shortcuts as text: “mod+enter”, “ctrl+`”, “alt+w”. `mod` is Command on a Mac and Control elsewhere. Pure.

export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'getModifierState'
>;

type Chord = {
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
};

function parse(shortcut: string, mac: boolean): Chord {
  const parts = shortcut.split('+');
  const key = parts.at(-1)!;
  const has = (name: string) => parts.slice(0, -1).includes(name);
  return {
    ctrl: has('ctrl') || (has('mod') && !mac),
    meta: has('mod') && mac,
    alt: has('alt'),
    shift: has('shift'),
    key,
  };
}

/** Keys by their place on the keyboard where what they type depends on the layout or on other keys held. */
const CODES: Readonly<Record<string, string>> = {
  '`': 'Backquote',
  '/': 'Slash',
  ',': 'Comma',
  '=': 'Equal',
  '-': 'Minus',
};

function codeOf(key: string): string | null {
  if (/^[a-z]$/.test(key)) return `Key${key.toUpperCase()}`;
  if (/^\d$/.test(key)) return `Digit${key}`;
  return CODES[key] ?? null;
}

/** Letters match by what they type, so that other layouts keep their K; held with Alt, or as marks, by place. */
export function matches(shortcut: string, press: KeyPress, mac: boolean): boolean {
  const chord = parse(shortcut, mac);
  if (
    chord.ctrl !== press.ctrlKey ||
    chord.meta !== press.metaKey ||
    chord.alt !== press.altKey ||
    chord.shift !== press.shiftKey
  ) {
    return false;
  }
  if (press.key.toLowerCase() === chord.key) return true;
  const typesLatin = /^[a-z]$/i.test(press.key);
  return press.code === codeOf(chord.key) && !(typesLatin && /^[a-z]$/.test(chord.key) && !chord.alt);
}

/**
 * Whether a press types a character: by itself, or by a modifier that chooses among characters, which is Option on a
 * Mac and elsewhere AltGr, told by Windows as Control with Alt. Where text is typed, that is never a shortcut.
 */
export function typesCharacter(press: KeyPress, mac: boolean): boolean {
  const printable = [...press.key].length === 1 || press.key === 'Dead';
  if (!printable || press.metaKey) return false;
  if (press.getModifierState('AltGraph') || !(press.ctrlKey || press.altKey)) return true;
  return press.altKey && press.ctrlKey !== mac;
}

/**
 * Whether a shell wants the press while a terminal has the focus: Control with a letter, Alt with one, Escape, function
 * keys. What is left to the page is what no program hears: Command, Control with Shift, and Control with the key below
 * Escape.
 */
export function isForShell(press: KeyPress): boolean {
  return !press.metaKey && !(press.ctrlKey && press.shiftKey) && press.code !== 'Backquote';
}

const NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  space: 'Space',
  delete: 'Del',
  up: '↑',
  down: '↓',
  right: '→',
};
const MAC_NAMES: Readonly<Record<string, string>> = { ...NAMES, enter: '↩', delete: '⌦' };

/** As it stands on this machine's keys: “⌘K” on a Mac, “Ctrl+K” elsewhere. */
export function shown(shortcut: string, mac: boolean): string {
  const { ctrl, meta, alt, shift, key } = parse(shortcut, mac);
  const name = (mac ? MAC_NAMES : NAMES)[key] ?? (key.length === 1 ? key.toUpperCase() : key.toUpperCase());
  if (mac) return `${ctrl ? '⌃' : ''}${alt ? '⌥' : ''}${shift ? '⇧' : ''}${meta ? '⌘' : ''}${name}`;
  return [ctrl && 'Ctrl', meta && 'Meta', alt && 'Alt', shift && 'Shift', name].filter(Boolean).join('+');
}

/** Whether the keys type a character on a Mac, so that they are no shortcut where text is typed. */
export function typesOnMac(shortcut: string): boolean {
  const { ctrl, meta, alt, key } = parse(shortcut, true);
  return alt && !ctrl && !meta && key.length === 1;
}

export function onMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform);
}

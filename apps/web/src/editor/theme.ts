// Monaco's colours, made from the page's tokens, so that there is one place where a colour is chosen.
import { hexReader } from '../ui/colours.ts';
import { monaco } from './monaco.ts';

const NAME = 'codesync';

/** The kinds of code that have a colour of their own, by the page's token. */
const SYNTAX: Readonly<Record<string, string>> = {
  comment: '--text-3',
  string: '--ansi-2',
  'string.escape': '--ansi-6',
  regexp: '--ansi-1',
  number: '--ansi-3',
  keyword: '--ansi-5',
  'keyword.operator': '--text-2',
  type: '--ansi-6',
  'type.identifier': '--ansi-6',
  annotation: '--ansi-4',
  decorator: '--ansi-4',
  tag: '--ansi-4',
  'attribute.name': '--ansi-6',
  'attribute.value': '--ansi-2',
  delimiter: '--text-2',
  predefined: '--ansi-4',
  variable: '--text-1',
  constant: '--ansi-3',
  key: '--ansi-6',
};

/** The page's token for a kind of code, such as `string.escape.python`; null where it has no colour of its own. */
export function colourOf(type: string): string | null {
  for (let name = type; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    if (Object.hasOwn(SYNTAX, name)) return SYNTAX[name]!;
  }
  return null;
}

/** Monaco's names, by the page's token and how much of it shows. */
const COLOURS: Readonly<Record<string, readonly [token: string, alpha?: number]>> = {
  'editor.background': ['--surface-0'],
  'editor.foreground': ['--text-1'],
  'editorCursor.foreground': ['--text-1'],
  'editorLineNumber.foreground': ['--text-3'],
  'editorLineNumber.activeForeground': ['--text-1'],
  'editor.lineHighlightBackground': ['--surface-1'],
  'editor.lineHighlightBorder': ['--surface-1', 0],
  'editor.selectionBackground': ['--selection'],
  'editor.inactiveSelectionBackground': ['--selection', 0.6],
  'editor.selectionHighlightBackground': ['--selection', 0.5],
  'editor.wordHighlightBackground': ['--selection', 0.5],
  'editor.wordHighlightStrongBackground': ['--selection', 0.7],
  'editor.findMatchBackground': ['--warning', 0.45],
  'editor.findMatchHighlightBackground': ['--warning', 0.22],
  'editor.findRangeHighlightBackground': ['--selection', 0.4],
  'editorOverviewRuler.findMatchForeground': ['--warning', 0.6],
  'editorUnicodeHighlight.border': ['--warning'],
  'editorBracketMatch.background': ['--surface-3'],
  'editorBracketMatch.border': ['--line-strong'],
  'editorIndentGuide.background1': ['--line'],
  'editorIndentGuide.activeBackground1': ['--line-strong'],
  'editorWhitespace.foreground': ['--line-strong'],
  'editorGutter.background': ['--surface-0'],
  'editorOverviewRuler.border': ['--line', 0],
  'editorError.foreground': ['--danger'],
  'editorWarning.foreground': ['--warning'],
  'editorWidget.background': ['--surface-1'],
  'editorWidget.foreground': ['--text-1'],
  'editorWidget.border': ['--line'],
  'widget.border': ['--line'],
  foreground: ['--text-1'],
  descriptionForeground: ['--text-2'],
  errorForeground: ['--danger'],
  'icon.foreground': ['--text-2'],
  'toolbar.hoverBackground': ['--surface-3'],
  'toolbar.activeBackground': ['--surface-3'],
  'textLink.foreground': ['--accent'],
  'textLink.activeForeground': ['--accent-hover'],
  'textCodeBlock.background': ['--surface-2'],
  'keybindingLabel.background': ['--surface-2'],
  'keybindingLabel.foreground': ['--text-2'],
  'keybindingLabel.border': ['--line'],
  'keybindingLabel.bottomBorder': ['--line'],
  'editorHoverWidget.background': ['--surface-1'],
  'editorHoverWidget.border': ['--line'],
  'editorHoverWidget.foreground': ['--text-1'],
  'editorHoverWidget.statusBarBackground': ['--surface-2'],
  'editorSuggestWidget.background': ['--surface-1'],
  'editorSuggestWidget.border': ['--line'],
  'editorSuggestWidget.foreground': ['--text-1'],
  'editorSuggestWidget.selectedBackground': ['--surface-3'],
  'editorSuggestWidget.selectedForeground': ['--text-1'],
  'editorSuggestWidget.highlightForeground': ['--accent'],
  'editorSuggestWidget.focusHighlightForeground': ['--accent'],
  'editorSuggestWidget.selectedIconForeground': ['--text-1'],
  'symbolIcon.textForeground': ['--text-2'],
  'editorLink.activeForeground': ['--accent'],
  'input.background': ['--surface-0'],
  'input.foreground': ['--text-1'],
  'input.border': ['--line-strong'],
  'input.placeholderForeground': ['--text-3'],
  'inputValidation.infoBackground': ['--surface-1'],
  'inputValidation.infoForeground': ['--text-1'],
  'inputValidation.infoBorder': ['--line-strong'],
  'inputOption.activeBackground': ['--accent-soft'],
  'inputOption.activeForeground': ['--accent'],
  'inputOption.activeBorder': ['--accent'],
  'inputOption.hoverBackground': ['--surface-3'],
  'inputValidation.errorBackground': ['--danger-soft'],
  'inputValidation.errorForeground': ['--text-1'],
  'inputValidation.errorBorder': ['--danger'],
  focusBorder: ['--accent'],
  'quickInput.background': ['--surface-1'],
  'quickInput.foreground': ['--text-1'],
  'quickInputList.focusBackground': ['--surface-3'],
  'quickInputList.focusForeground': ['--text-1'],
  'list.hoverBackground': ['--surface-2'],
  'list.focusBackground': ['--surface-3'],
  'list.activeSelectionBackground': ['--surface-3'],
  'list.activeSelectionForeground': ['--text-1'],
  'list.highlightForeground': ['--accent'],
  'menu.background': ['--surface-1'],
  'menu.foreground': ['--text-1'],
  'menu.selectionBackground': ['--surface-3'],
  'menu.selectionForeground': ['--text-1'],
  'menu.separatorBackground': ['--line'],
  'menu.border': ['--line'],
  'scrollbar.shadow': ['--line', 0],
  'scrollbarSlider.background': ['--text-3', 0.25],
  'scrollbarSlider.hoverBackground': ['--text-3', 0.4],
  'scrollbarSlider.activeBackground': ['--text-3', 0.55],
  'widget.shadow': ['--scrim', 0.15],
};

/** Reads the page's tokens as they are now and gives Monaco's colours their values. */
export function applyTheme(): void {
  const style = getComputedStyle(document.documentElement);
  const hexOf = hexReader();
  const read = (token: string, alpha?: number) => hexOf(style.getPropertyValue(token).trim(), alpha);
  const dark = style.colorScheme === 'dark';
  monaco.editor.defineTheme(NAME, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: Object.entries(SYNTAX).map(([token, name]) => ({ token, foreground: read(name).slice(1, 7) })),
    colors: Object.fromEntries(
      Object.entries(COLOURS).map(([name, [token, alpha]]) => [name, read(token, alpha)]),
    ),
  });
  monaco.editor.setTheme(NAME);
}

// What the page gives an editor whose person has set nothing, where nothing around it listens.
import type { EditorProps } from '../../src/editor/Editor.tsx';

const nothing = () => {};

export const PLAIN_EDITOR = {
  away: false,
  readOnly: false,
  fontSize: 14,
  indent: { size: 4, tabs: false },
  wordWrap: false,
  minimap: false,
  ligatures: false,
  theme: 'light',
  failures: [],
  marks: [],
  onMargin: nothing,
  onCursorChange: nothing,
  onRun: nothing,
  onQuote: nothing,
  onRefused: nothing,
  onReady: nothing,
} as const satisfies Partial<EditorProps>;

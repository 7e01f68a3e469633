// What an input method is told of the text around the cursor.
import type { monaco } from './monaco.ts';

/** Of the browser's `EditContext`, which TypeScript does not know yet. */
type EditContext = EventTarget & {
  readonly text: string;
  updateText: (start: number, end: number, text: string) => void;
};

/**
 * Monaco gives the edit context whole lines, but replaces only as much as it gave last time. What was typed since then
 * stays behind the line's end, and a phone's keyboard takes it for the rest of a word. Here a line replaces everything,
 * and a line that is there already is not given again.
 */
export function replaceWholeLines(editor: monaco.editor.IStandaloneCodeEditor): void {
  editor.onDidChangeModel(() => {
    const field = editor.getDomNode()?.querySelector('.native-edit-context');
    const context = (field as { editContext?: EditContext } | null | undefined)?.editContext;
    if (context === undefined) return;
    const updateText = context.updateText.bind(context);
    context.updateText = (_start, _end, text) => {
      if (text !== context.text) updateText(0, context.text.length, text);
    };
  });
}

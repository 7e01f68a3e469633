// The page's editor alone, without a room: what a bench compares the page with.
import { createEditor } from '../../src/editor/create-editor.ts';
import { monaco } from '../../src/editor/monaco.ts';

const editor = createEditor(
  document.querySelector<HTMLElement>('#editor')!,
  () => {},
  () => {},
);

Object.assign(globalThis, {
  bare: {
    /** Shows a text as Python. */
    show(text: string) {
      const before = editor.getModel();
      editor.setModel(monaco.editor.createModel(text, 'python'));
      before?.dispose();
      editor.focus();
    },
  },
});

// Monaco's editor as the room wants it.
import { replaceWholeLines } from './edit-context.ts';
import { monaco } from './monaco.ts';

/** The font of code. */
export const FONT = '"JetBrains Mono Variable", ui-monospace, "SF Mono", Menlo, Consolas, monospace';

/** An editor without a file. `run` is called for Ctrl or Cmd with Enter, `quote` from its menu. */
export function createEditor(
  host: HTMLElement,
  run: () => void,
  quote: () => void,
): monaco.editor.IStandaloneCodeEditor {
  const editor = monaco.editor.create(host, {
    model: null,
    automaticLayout: true,
    fontFamily: FONT,
    fontLigatures: false,
    minimap: { enabled: false },
    scrollBeyondLastLine: true,
    smoothScrolling: false,
    renderLineHighlight: 'line',
    renderLineHighlightOnlyWhenFocus: true,
    roundedSelection: true,
    padding: { top: 12, bottom: 12 },
    glyphMargin: true,
    lineNumbersMinChars: 3,
    folding: true,
    renderFinalNewline: 'on',
    showFoldingControls: 'mouseover',
    overviewRulerBorder: false,
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
    guides: { indentation: true, bracketPairs: false },
    // A room ends lines with LF. It keeps other terminators as characters, so there is nothing to ask about.
    unusualLineTerminators: 'off',
    wordBasedSuggestions: 'allDocuments',
    // What is offered are only words of the text. Tab takes one, and Enter always makes a new line.
    acceptSuggestionOnEnter: 'off',
    stickyScroll: { enabled: false },
    occurrencesHighlight: 'singleFile',
    accessibilitySupport: 'auto',
    tabFocusMode: false,
    fixedOverflowWidgets: true,
    // A hover above the first lines would cover the tabs.
    hover: { above: false },
    // A shadow tree would keep the page's style out of its menus.
    useShadowDOM: false,
  });
  editor.addAction({
    id: 'codesync.run',
    label: 'Run',
    keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter],
    run,
  });
  editor.addAction({
    id: 'codesync.quote',
    label: 'Send to chat',
    precondition: 'editorHasSelection',
    contextMenuGroupId: '9_cutcopypaste',
    contextMenuOrder: 9,
    run: quote,
  });
  replaceWholeLines(editor);
  // Monaco measures characters once. When the font comes later, the cursor would stand beside the text.
  void document.fonts.load(`14px ${FONT}`).then(() => monaco.editor.remeasureFonts());
  return editor;
}

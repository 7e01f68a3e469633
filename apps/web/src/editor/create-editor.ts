// Monaco's editor as the room wants it.
import { replaceWholeLines } from './edit-context.ts';
import { monaco } from './monaco.ts';

const FONT = '"JetBrains Mono Variable", ui-monospace, "SF Mono", Menlo, Consolas, monospace';

/** An editor without a file. `run` is called for Ctrl or Cmd with Enter. */
export function createEditor(host: HTMLElement, run: () => void): monaco.editor.IStandaloneCodeEditor {
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
    lineNumbersMinChars: 4,
    folding: true,
    renderFinalNewline: 'on',
    showFoldingControls: 'mouseover',
    overviewRulerBorder: false,
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
    guides: { indentation: true, bracketPairs: false },
    // A room keeps any line terminator that is not LF as a character: there is nothing to ask about.
    unusualLineTerminators: 'off',
    wordBasedSuggestions: 'allDocuments',
    // Enter after a word that is complete is a new line, whatever the list beside it offers.
    acceptSuggestionOnEnter: 'smart',
    stickyScroll: { enabled: false },
    occurrencesHighlight: 'singleFile',
    accessibilitySupport: 'auto',
    tabFocusMode: false,
    fixedOverflowWidgets: true,
    // Above the first lines are the tabs and what runs them.
    hover: { above: false },
    // Its menus take the page's style, which a shadow tree would keep out.
    useShadowDOM: false,
  });
  editor.addAction({
    id: 'codesync.run',
    label: 'Run',
    keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter],
    run,
  });
  replaceWholeLines(editor);
  // Monaco measures characters once; a font that comes later would leave the cursor beside the text.
  void document.fonts.load(`14px ${FONT}`).then(() => monaco.editor.remeasureFonts());
  return editor;
}

import type { FileLanguage } from '@codesync/protocol';
import { useEffect, useRef } from 'react';
import { FONT } from './create-editor.ts';
import './surfaces.css';
import { monaco } from './monaco.ts';
import { applyTheme } from './theme.ts';

type PastCodeProps = {
  readonly path: string;
  readonly language: FileLanguage;
  readonly text: string;
  /** What the file is now, to be compared with; null: it stands alone. */
  readonly now: string | null;
  readonly theme: 'light' | 'dark';
  readonly fontSize: number;
  readonly wordWrap: boolean;
};

/** The text of a file as it was. It can be read, and not be changed. */
export default function PastCode({ path, language, text, now, theme, fontSize, wordWrap }: PastCodeProps) {
  const host = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is another look of the same
  useEffect(() => {
    applyTheme();
    const look = {
      readOnly: true,
      domReadOnly: true,
      automaticLayout: true,
      fontFamily: FONT,
      fontSize,
      wordWrap: wordWrap ? 'on' : 'off',
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      lineNumbersMinChars: 4,
      unusualLineTerminators: 'off',
      fixedOverflowWidgets: true,
      useShadowDOM: false,
      ariaLabel: `${path} as it was`,
    } as const;
    const before = monaco.editor.createModel(text, language);
    if (now === null) {
      const editor = monaco.editor.create(host.current!, { ...look, model: null });
      editor.setModel(before);
      keepColours(before);
      return () => {
        editor.dispose();
        before.dispose();
      };
    }
    const after = monaco.editor.createModel(now, language);
    const editor = monaco.editor.createDiffEditor(host.current!, {
      ...look,
      originalAriaLabel: `${path} as it was`,
      modifiedAriaLabel: `${path} as it is now`,
      renderSideBySide: false,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true },
    });
    // Only a view model that is disposed gives up a comparison that is on its way.
    const comparison = editor.createViewModel({ original: before, modified: after });
    editor.setModel(comparison);
    keepColours(before);
    keepColours(after);
    return () => {
      editor.dispose();
      comparison.dispose();
      before.dispose();
      after.dispose();
    };
  }, [path, language, text, now, theme, fontSize, wordWrap]);
  return <div ref={host} className="absolute inset-0" />;
}

/** As in the editor: colour is kept for people and for state. To be called last, since an editor sets its own. */
function keepColours(model: monaco.editor.ITextModel): void {
  model.updateOptions({
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  });
}

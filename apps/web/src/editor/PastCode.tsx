import { useEffect, useRef } from 'react';
import { FONT } from './create-editor.ts';
import './surfaces.css';
import { languageOfPath, monaco } from './monaco.ts';
import { applyTheme } from './theme.ts';

type PastCodeProps = {
  readonly path: string;
  readonly text: string;
  /** What the file is now, to be compared with; null: it stands alone. */
  readonly now: string | null;
  readonly theme: 'light' | 'dark';
  readonly fontSize: number;
  readonly wordWrap: boolean;
};

/** The text of a file as it was. It can be read, and not be changed. */
export default function PastCode({ path, text, now, theme, fontSize, wordWrap }: PastCodeProps) {
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
    const language = languageOfPath(path);
    const before = modelOf(text, language);
    if (now === null) {
      const editor = monaco.editor.create(host.current!, { ...look, model: before });
      return () => {
        editor.dispose();
        before.dispose();
      };
    }
    const after = modelOf(now, language);
    const editor = monaco.editor.createDiffEditor(host.current!, {
      ...look,
      originalAriaLabel: `${path} as it was`,
      modifiedAriaLabel: `${path} as it is now`,
      renderSideBySide: false,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true },
    });
    editor.setModel({ original: before, modified: after });
    return () => {
      editor.dispose();
      before.dispose();
      after.dispose();
    };
  }, [path, text, now, theme, fontSize, wordWrap]);
  return <div ref={host} className="absolute inset-0" />;
}

function modelOf(text: string, language: string): monaco.editor.ITextModel {
  const model = monaco.editor.createModel(text, language);
  // As in the editor: colour is kept for people and for state.
  model.updateOptions({
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  });
  return model;
}

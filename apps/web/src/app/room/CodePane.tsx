import type { FileId } from '@codesync/protocol';
import clsx from 'clsx';
import { Suspense, useMemo, useState } from 'react';
import { useActiveFile, useDesk, useDeskState, useFiles, usePhone } from '../../desk/hooks.tsx';
import { useMay, useReading, useSource } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { useTheme } from '../../desk/theme.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { Editor } from './lazy-editor.ts';
import { At, type Slots } from './slots.tsx';

type CodePaneProps = Pick<Slots, 'notes' | 'views'> & { onRun: () => void; onQuote: () => void };

/**
 * The file that is seen, in the editor or as a feature shows it, and what features put above it. While a feature shows
 * it, the editor is out of sight and keeps what was in it.
 */
export function CodePane({ notes, views, onRun, onQuote }: CodePaneProps) {
  const active = useActiveFile();
  const empty = useFiles().length === 0;
  const View = active === undefined ? undefined : views.find(({ shows }) => shows(active))?.Content;
  const [edited, setEdited] = useState<FileId | null>(null);
  const inEditor = active === undefined ? null : View === undefined ? active.id : edited;
  if (inEditor !== edited) setEdited(inEditor);
  return (
    <section aria-label="Code" data-place="code" className="flex h-full min-h-0 flex-col bg-surface-0">
      <At items={notes} place="strip" />
      <div data-place="file" className="relative min-h-0 flex-1">
        {active === undefined ? (
          <p className="flex h-full items-center justify-center p-4 text-center text-ink-3">
            {empty
              ? 'This room has no files yet. Create one from the files panel.'
              : 'No file is open. Choose one from the files panel.'}
          </p>
        ) : (
          <>
            {inEditor !== null && (
              <div className={clsx('h-full', View !== undefined && 'hidden')}>
                <Suspense
                  fallback={
                    <p className="flex animate-fade items-center gap-2.5 p-4 text-ink-3">
                      <Spinner /> Opening the editor
                    </p>
                  }
                >
                  <Code file={inEditor} away={View !== undefined} onRun={onRun} onQuote={onQuote} />
                </Suspense>
              </div>
            )}
            {View !== undefined && <View key={active.id} file={active} />}
            <At items={notes} place="frame" />
          </>
        )}
      </div>
    </section>
  );
}

type CodeProps = { file: FileId; away: boolean; onRun: () => void; onQuote: () => void };

/** The editor, as this person has set it. */
function Code({ file, away, onRun, onQuote }: CodeProps) {
  const desk = useDesk();
  const phone = usePhone();
  const { fontSize, tabSize, tabs, wordWrap, minimap, ligatures } = useSettings();
  const indent = useMemo(() => ({ size: tabSize, tabs }), [tabSize, tabs]);
  return (
    <Editor
      room={useReading()}
      writing={useSource()}
      file={file}
      away={away}
      readOnly={!useMay('edit')}
      fontSize={fontSize}
      indent={indent}
      wordWrap={wordWrap}
      minimap={minimap && !phone}
      ligatures={ligatures}
      theme={useTheme()}
      failures={useDeskState(({ marks }) => marks)}
      marks={useDeskState(({ ranges }) => ranges)}
      onMargin={desk.pressMargin}
      onCursorChange={(line, column, selected) => desk.place.setState({ place: { line, column, selected } })}
      onRun={onRun}
      onQuote={onQuote}
      onRefused={desk.typedInVain}
      onReady={desk.arrive}
    />
  );
}

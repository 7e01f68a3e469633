import type { FileId } from '@codesync/protocol';
import { lazy, Suspense, useMemo } from 'react';
import { useActiveFile, useDesk, useDeskState, useFiles, usePhone } from '../../desk/hooks.tsx';
import { useMay, useReading, useSource } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { useTheme } from '../../desk/theme.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { At, type Slots } from './slots.tsx';

const Editor = lazy(() => import('../../editor/Editor.tsx'));

type CodePaneProps = Pick<Slots, 'notes'> & { onRun: () => void };

/** The code of the file that is seen, and what features put above it. */
export function CodePane({ notes, onRun }: CodePaneProps) {
  const active = useActiveFile();
  const empty = useFiles().length === 0;
  return (
    <section aria-label="Code" data-place="code" className="flex h-full min-h-0 flex-col bg-surface-0">
      <At items={notes} place="strip" />
      <div className="relative min-h-0 flex-1">
        {active === undefined ? (
          <p className="flex h-full items-center justify-center p-4 text-center text-ink-3">
            {empty
              ? 'This room has no files yet. Create one from the files panel.'
              : 'No file is open. Choose one from the files panel.'}
          </p>
        ) : (
          <Suspense
            fallback={
              <p className="flex animate-fade items-center gap-2.5 p-4 text-ink-3">
                <Spinner /> Opening the editor
              </p>
            }
          >
            <Code file={active.id} onRun={onRun} />
          </Suspense>
        )}
      </div>
    </section>
  );
}

type CodeProps = { file: FileId; onRun: () => void };

/** The editor, as this person has set it. */
function Code({ file, onRun }: CodeProps) {
  const desk = useDesk();
  const phone = usePhone();
  const { fontSize, tabSize, tabs, wordWrap, minimap, ligatures } = useSettings();
  const indent = useMemo(() => ({ size: tabSize, tabs }), [tabSize, tabs]);
  return (
    <Editor
      room={useReading()}
      writing={useSource()}
      file={file}
      readOnly={!useMay('edit')}
      fontSize={fontSize}
      indent={indent}
      wordWrap={wordWrap}
      minimap={minimap && !phone}
      ligatures={ligatures}
      theme={useTheme()}
      failures={useDeskState(({ marks }) => marks)}
      onCursorChange={(line, column, selected) => desk.place.setState({ place: { line, column, selected } })}
      onRun={onRun}
      onRefused={desk.typedInVain}
      onReady={desk.arrive}
    />
  );
}

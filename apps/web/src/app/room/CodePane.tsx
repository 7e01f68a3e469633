import { lazy, Suspense, useState } from 'react';
import { TabStrip } from '../../features/files/TabStrip.tsx';
import { ViewerStrip } from '../../features/people/ViewerStrip.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import type { PlaceStore } from './cursor-place.ts';
import type { Desk } from './useDesk.ts';

const Editor = lazy(() => import('../../editor/Editor.tsx'));

type CodePaneProps = { desk: Desk; place: PlaceStore };

/** The open files and the code of the one that is seen. */
export function CodePane({ desk, place }: CodePaneProps) {
  const { active, files, mayEdit, settings, tabs, view } = desk;
  const { room, you } = view;
  const [tries, setTries] = useState(0);
  return (
    <section aria-label="Code" className="flex h-full min-h-0 flex-col bg-surface-0">
      <TabStrip
        tabs={tabs.tabs}
        files={room.files}
        onOpen={desk.openFile}
        onWalk={tabs.open}
        onCloseTab={tabs.close}
      />
      {you?.role === 'viewer' && (
        <ViewerStrip asked={room.members.get(you.id)?.asking ?? false} tries={tries} command={desk.command} />
      )}
      <div className="relative min-h-0 flex-1">
        {active === undefined ? (
          <p className="flex h-full items-center justify-center p-4 text-center text-ink-3">
            {files.length === 0
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
            <Editor
              source={desk.source}
              file={active.id}
              readOnly={!mayEdit}
              fontSize={settings.fontSize}
              indent={desk.indent}
              wordWrap={settings.wordWrap}
              minimap={settings.minimap && !desk.phone}
              ligatures={settings.ligatures}
              theme={desk.theme}
              failures={desk.failures}
              onCursorChange={(line, column, selected) =>
                place.setState({ place: { line, column, selected } })
              }
              onRun={desk.runEntry}
              onRefused={() => setTries((before) => before + 1)}
              onReady={desk.arrive}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}

import type { ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { mildStorage } from '../../storage.ts';
import type { PanelName } from './panels.ts';

type WorkbenchProps = {
  open: Readonly<Record<PanelName, boolean>>;
  onCollapse: (panel: PanelName) => void;
  files: ReactNode;
  code: ReactNode;
  output: ReactNode;
  people: ReactNode;
};

const HANDLE =
  'relative z-10 shrink-0 bg-line outline-none transition-colors duration-120 hover:bg-accent data-[separator=active]:bg-accent data-[separator=hover]:bg-accent focus-visible:bg-accent';

/** The wide room: panels around the code that resize, collapse, and come back as they were left. */
export function Workbench({ open, onCollapse, files, code, output, people }: WorkbenchProps) {
  const columns = useDefaultLayout({
    id: 'codesync.columns',
    storage: mildStorage,
    panelIds: [open.files ? 'files' : '', 'centre', open.people ? 'people' : ''].filter((id) => id !== ''),
    onlySaveAfterUserInteractions: true,
  });
  const rows = useDefaultLayout({
    id: 'codesync.rows',
    storage: mildStorage,
    panelIds: open.output ? ['code', 'output'] : ['code'],
    onlySaveAfterUserInteractions: true,
  });
  return (
    <main className="min-h-0 flex-1">
      <Group
        orientation="horizontal"
        defaultLayout={columns.defaultLayout}
        onLayoutChanged={columns.onLayoutChanged}
        className="h-full"
      >
        {open.files && (
          <>
            <Panel
              id="files"
              defaultSize={220}
              minSize={160}
              maxSize="40%"
              collapsible
              groupResizeBehavior="preserve-pixel-size"
              onResize={({ inPixels }, _, before) => {
                if (inPixels === 0 && before !== undefined) onCollapse('files');
              }}
            >
              {files}
            </Panel>
            <Separator aria-label="Width of the files panel" className={`${HANDLE} w-px`} />
          </>
        )}
        <Panel id="centre" minSize={280}>
          <Group
            orientation="vertical"
            defaultLayout={rows.defaultLayout}
            onLayoutChanged={rows.onLayoutChanged}
            className="h-full"
          >
            <Panel id="code" minSize={120}>
              {code}
            </Panel>
            {open.output && (
              <>
                <Separator aria-label="Height of the output panel" className={`${HANDLE} h-px`} />
                <Panel
                  id="output"
                  defaultSize="32%"
                  minSize={88}
                  collapsible
                  onResize={({ inPixels }, _, before) => {
                    if (inPixels === 0 && before !== undefined) onCollapse('output');
                  }}
                >
                  {output}
                </Panel>
              </>
            )}
          </Group>
        </Panel>
        {open.people && (
          <>
            <Separator aria-label="Width of the people panel" className={`${HANDLE} w-px`} />
            <Panel
              id="people"
              defaultSize={240}
              minSize={200}
              maxSize="40%"
              collapsible
              groupResizeBehavior="preserve-pixel-size"
              onResize={({ inPixels }, _, before) => {
                if (inPixels === 0 && before !== undefined) onCollapse('people');
              }}
            >
              {people}
            </Panel>
          </>
        )}
      </Group>
    </main>
  );
}

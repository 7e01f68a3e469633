import clsx from 'clsx';
import { Fragment, memo, type ReactNode } from 'react';
import { Group, Panel as Pane, Separator, useDefaultLayout } from 'react-resizable-panels';
import type { Panel } from '../../desk/feature.ts';
import { useDesk, useSeenPanels } from '../../desk/hooks.tsx';
import { mildStorage } from '../../storage.ts';
import { PanelTabs } from '../../ui/PanelHeader.tsx';
import type { Slots } from './slots.tsx';

type WorkbenchProps = Pick<Slots, 'panels'> & { code: ReactNode };

/** The place below the code. */
const BELOW = 'below';

/** The wide room: panels around the code that resize, collapse, and come back as they were left. */
export function Workbench({ panels, code }: WorkbenchProps) {
  const seen = useSeenPanels();
  const at = (side: Panel['side']) => panels.filter((panel) => panel.side === side && seen.has(panel.id));
  const [left, right, below] = [at('left'), at('right'), at('below')];
  const idsOf = (some: readonly Panel[]) => some.map(({ id }) => id);
  const lower = panels.filter(({ side }) => side === 'below');
  const besides = panels.filter(({ side }) => side === 'right');
  const columns = useDefaultLayout({
    id: 'codesync.columns',
    storage: mildStorage,
    panelIds: [...idsOf(left), 'centre', ...idsOf(right)],
    onlySaveAfterUserInteractions: true,
  });
  const rows = useDefaultLayout({
    id: 'codesync.rows',
    storage: mildStorage,
    // Whichever of them is seen has the same place.
    panelIds: ['code', ...(below.length === 0 ? [] : [BELOW])],
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
        {left.map((panel) => (
          <Fragment key={panel.id}>
            <PanelPane panel={panel} />
            <Handle panel={panel} />
          </Fragment>
        ))}
        <Pane id="centre" minSize={280}>
          <Group
            orientation="vertical"
            defaultLayout={rows.defaultLayout}
            onLayoutChanged={rows.onLayoutChanged}
            className="h-full"
          >
            <Pane id="code" minSize={120}>
              {code}
            </Pane>
            {below.map((panel) => (
              <Fragment key={BELOW}>
                <Handle panel={panel} />
                <PanelTabs value={lower.length < 2 ? null : <Tabs panels={lower} seen={panel.id} />}>
                  <PanelPane key={BELOW} panel={panel} place={BELOW} />
                </PanelTabs>
              </Fragment>
            ))}
          </Group>
        </Pane>
        {right.map((panel) => (
          <Fragment key={panel.id}>
            <Handle panel={panel} />
            <PanelTabs value={besides.length < 2 ? null : <Tabs panels={besides} seen={panel.id} />}>
              <PanelPane panel={panel} />
            </PanelTabs>
          </Fragment>
        ))}
      </Group>
    </main>
  );
}

/** A panel in its place. Made as narrow as nothing, it is closed. What opens beside it does not draw it anew. */
const PanelPane = memo(function PanelPane({
  panel: { id, side, size, Content },
  place = id,
}: {
  panel: Panel;
  place?: string;
}) {
  const desk = useDesk();
  const close = () => desk.setPanel(id, false);
  return (
    <Pane
      id={place}
      defaultSize={size.start}
      minSize={size.least}
      {...(size.most === undefined ? {} : { maxSize: size.most })}
      collapsible
      {...(side === 'below' ? {} : { groupResizeBehavior: 'preserve-pixel-size' })}
      onResize={({ inPixels }, _, before) => {
        if (inPixels === 0 && before !== undefined) close();
      }}
    >
      {side === 'below' ? (
        <div data-place={BELOW} className="h-full">
          <Content onClose={close} />
        </div>
      ) : (
        <Content onClose={close} />
      )}
    </Pane>
  );
});

/** The panels that share a place, by their titles. */
function Tabs({ panels, seen }: { panels: readonly Panel[]; seen: string }) {
  const desk = useDesk();
  return (
    <div className="flex shrink-0 items-center gap-0.5">
      {panels.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === seen}
          onClick={() => desk.setPanel(id, true)}
          className={clsx(
            'h-9 border-b-2 px-2 font-medium text-xs focus-visible:-outline-offset-2',
            id === seen ? 'border-accent text-ink-1' : 'border-transparent text-ink-3 hover:text-ink-1',
          )}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

const HANDLE =
  'relative z-10 shrink-0 bg-line outline-none transition-colors duration-120 hover:bg-accent data-[separator=active]:bg-accent data-[separator=hover]:bg-accent focus-visible:bg-accent';

/** What is dragged to resize a panel. */
function Handle({ panel: { side, title } }: { panel: Panel }) {
  const name = title.toLowerCase();
  return side === 'below' ? (
    <Separator aria-label={`Height of the ${name} panel`} className={`${HANDLE} h-px`} />
  ) : (
    <Separator aria-label={`Width of the ${name} panel`} className={`${HANDLE} w-px`} />
  );
}

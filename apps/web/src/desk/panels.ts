// Which panels are open around the code, remembered for this browser.
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { mildStorage } from '../storage.ts';

/** Where a panel stands: beside the code, or below it. */
type PanelSide = 'left' | 'right' | 'below';

/** A panel, as far as it matters which of them are seen. */
export type PanelPlace = { readonly id: string; readonly side: PanelSide };

/** Narrower windows have one panel beside the code at a time. */
export const ONE_SIDE = '(width < 1100px)';

export type Panels = {
  /** By the id of a panel; those that are not named are open. */
  readonly open: Readonly<Record<string, boolean>>;
  /** The panel beside the code that was opened last: where there is only one, it is this. */
  readonly front: string;
};

type PanelStore = Panels & { readonly set: (panel: PanelPlace, open: boolean) => void };

function readPanels(stored: unknown): Partial<Panels> {
  if (typeof stored !== 'object' || stored === null) return {};
  const { front, ...rest } = stored as Record<string, unknown>;
  const open = Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  );
  return { open, ...(typeof front === 'string' ? { front } : {}) };
}

export const usePanels = create<PanelStore>()(
  persist(
    (set) => ({
      open: {},
      front: 'files',
      set: ({ id, side }, open) =>
        set((before) => ({
          open: { ...before.open, [id]: open },
          ...(open && side !== 'below' ? { front: id } : {}),
        })),
    }),
    {
      name: 'codesync.panels',
      storage: createJSONStorage(() => mildStorage),
      partialize: ({ open, front }) => ({ ...open, front }),
      merge: (stored, current) => ({ ...current, ...readPanels(stored) }),
    },
  ),
);

/** The ids of the panels that are seen. With `oneSide`, of those beside the code only one is: the one in front. */
export function seenPanels(
  places: readonly PanelPlace[],
  { open, front }: Panels,
  oneSide: boolean,
): ReadonlySet<string> {
  const opened = places.filter(({ id }) => open[id] ?? true);
  const beside = opened.filter(({ side }) => side !== 'below');
  const foremost = beside.find(({ id }) => id === front) ?? beside[0];
  return new Set(
    opened.filter((panel) => panel.side === 'below' || !oneSide || panel === foremost).map(({ id }) => id),
  );
}

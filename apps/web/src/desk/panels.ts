// Which panels are open around the code, remembered for this browser.
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { mildStorage } from '../storage.ts';

/** Where a panel stands: beside the code, or below it. */
type PanelSide = 'left' | 'right' | 'below';

/** A panel, as far as it matters which of them are seen. */
export type PanelPlace = {
  readonly id: string;
  readonly side: PanelSide;
  /** It is closed until somebody opens it. */
  readonly closedAtFirst?: boolean;
};

/** Narrower windows have one panel beside the code at a time. */
export const ONE_SIDE = '(width < 1100px)';

export type Panels = {
  /** By the id of a panel; those that are not named are as they are at first. */
  readonly open: Readonly<Record<string, boolean>>;
  /** The panel beside the code that was opened last: where there is only one, it is this. */
  readonly front: string;
  /** The same of those below it, and of those to its right, of which one is seen at a time. */
  readonly frontBelow: string;
  readonly frontRight: string;
};

type PanelStore = Panels & { readonly set: (panel: PanelPlace, open: boolean) => void };

function readPanels(stored: unknown): Partial<Panels> {
  if (typeof stored !== 'object' || stored === null) return {};
  const { front, frontBelow, frontRight, ...rest } = stored as Record<string, unknown>;
  const open = Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  );
  return {
    open,
    ...(typeof front === 'string' ? { front } : {}),
    ...(typeof frontBelow === 'string' ? { frontBelow } : {}),
    ...(typeof frontRight === 'string' ? { frontRight } : {}),
  };
}

function frontOf(side: PanelSide, id: string): Partial<Panels> {
  if (side === 'below') return { frontBelow: id };
  return side === 'right' ? { front: id, frontRight: id } : { front: id };
}

export const usePanels = create<PanelStore>()(
  persist(
    (set) => ({
      open: {},
      front: 'files',
      frontBelow: 'output',
      frontRight: 'people',
      set: ({ id, side }, open) =>
        set((before) => ({
          open: { ...before.open, [id]: open },
          ...(open ? frontOf(side, id) : {}),
        })),
    }),
    {
      name: 'codesync.panels',
      storage: createJSONStorage(() => mildStorage),
      partialize: ({ open, front, frontBelow, frontRight }) => ({ ...open, front, frontBelow, frontRight }),
      merge: (stored, current) => ({ ...current, ...readPanels(stored) }),
    },
  ),
);

/**
 * The ids of the panels that are seen. Of those below the code, and of those to its right, one is: the one in front,
 * unless that is closed. With `oneSide` only one of those beside it is.
 */
export function seenPanels(
  places: readonly PanelPlace[],
  { open, front, frontBelow, frontRight }: Panels,
  oneSide: boolean,
): ReadonlySet<string> {
  const opened = places.filter(({ id, closedAtFirst = false }) => open[id] ?? !closedAtFirst);
  const inFront = (of: PanelSide, id: string) => {
    const all = places.filter(({ side }) => side === of);
    return all.find((panel) => panel.id === id) ?? all[0];
  };
  const [lowest, rightmost] = [inFront('below', frontBelow), inFront('right', frontRight)];
  const beside = opened.filter((panel) => panel.side === 'left' || panel === rightmost);
  const foremost = beside.find(({ id }) => id === front) ?? beside[0];
  return new Set(
    opened
      .filter((panel) =>
        panel.side === 'below'
          ? panel === lowest
          : beside.includes(panel) && (!oneSide || panel === foremost),
      )
      .map(({ id }) => id),
  );
}

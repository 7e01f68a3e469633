// Which panels are open around the code, remembered for this browser.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type PanelName = 'files' | 'output' | 'people';

/** What a phone shows: one thing at a time. */
export type Pane = 'code' | 'output' | 'people' | 'files';

/** Narrower windows have one panel beside the code at a time. */
export const ONE_SIDE = '(width < 1100px)';

type Side = Exclude<PanelName, 'output'>;

export type Panels = Readonly<Record<PanelName, boolean>> & {
  /** The side panel that was opened last: where there is only one, it is this. */
  readonly front: Side;
};

type PanelStore = Panels & { readonly set: (panel: PanelName, open: boolean) => void };

export const usePanels = create<PanelStore>()(
  persist(
    (set) => ({
      files: true,
      output: true,
      people: true,
      front: 'files',
      set: (panel, open) => set({ [panel]: open, ...(open && panel !== 'output' ? { front: panel } : {}) }),
    }),
    { name: 'codesync.panels' },
  ),
);

/** The panels that are seen; with `oneSide` the side panel in front, and the other when that is closed. */
export function seenPanels(
  { files, output, people, front }: Panels,
  oneSide: boolean,
): Readonly<Record<PanelName, boolean>> {
  if (!oneSide) return { files, output, people };
  return {
    files: files && !(people && front === 'people'),
    output,
    people: people && !(files && front === 'files'),
  };
}

// Which panels are open around the code, remembered for this browser.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type PanelName = 'files' | 'output' | 'people';

/** What a phone shows: one thing at a time. */
export type Pane = 'code' | 'output' | 'people' | 'files';

type Panels = Readonly<Record<PanelName, boolean>> & {
  readonly set: (panel: PanelName, open: boolean) => void;
};

export const usePanels = create<Panels>()(
  persist(
    (set) => ({
      files: true,
      output: true,
      people: matchMedia('(width >= 1024px)').matches,
      set: (panel, open) => set({ [panel]: open }),
    }),
    { name: 'codesync.panels' },
  ),
);

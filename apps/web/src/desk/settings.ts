// What a person has set for this browser. `public/theme.js` reads the theme from the same key before the first paint.
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { mildStorage } from '../storage.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

export const FONT_SIZES = [11, 12, 13, 14, 15, 16, 18, 20, 24] as const;
export const TAB_SIZES = [2, 4, 8] as const;

type Settings = {
  readonly theme: ThemeChoice;
  readonly fontSize: number;
  readonly tabSize: number;
  /** A level of indentation is a tab, and not spaces. */
  readonly tabs: boolean;
  /** Long lines of code are broken at the edge of the editor. */
  readonly wordWrap: boolean;
  readonly minimap: boolean;
  /** Marks such as != are drawn as one sign. */
  readonly ligatures: boolean;
  /** Long lines of output are broken at the edge of the panel. */
  readonly wrapOutput: boolean;
  /** The file that is seen is formatted by the keys that save elsewhere. */
  readonly formatOnSave: boolean;
  /** A message of the chat that is not seen makes a sound. */
  readonly chatSound: boolean;
  /** What screen readers are told of. `named`: only messages that name this person. */
  readonly sayComings: boolean;
  readonly sayNearEdits: boolean;
  readonly sayMessages: 'all' | 'named' | 'none';
};

type SettingsStore = Settings & { readonly set: (change: Partial<Settings>) => void };

export const useSettings = create<SettingsStore>()(
  persist(
    (set) => ({
      theme: 'system',
      fontSize: 14,
      tabSize: 4,
      tabs: false,
      wordWrap: false,
      minimap: false,
      ligatures: false,
      wrapOutput: true,
      formatOnSave: false,
      chatSound: true,
      sayComings: true,
      sayNearEdits: true,
      sayMessages: 'all',
      set: (change) => set(change),
    }),
    { name: 'codesync.settings', storage: createJSONStorage(() => mildStorage) },
  ),
);

/** The size one step up or down from `size`, within what is offered. */
export function stepFontSize(size: number, direction: 1 | -1): number {
  const steps: readonly number[] = direction === 1 ? FONT_SIZES : [...FONT_SIZES].reverse();
  return steps.find((step) => (step - size) * direction > 0) ?? size;
}

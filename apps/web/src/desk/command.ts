// What can be done in a room, as the palette, the keys, the sheet of keys and the room's menu show it. Pure.
import type { ReactNode } from 'react';

/** In the order in which they are shown. */
export const SECTIONS = ['Run', 'Terminal', 'Files', 'View', 'People', 'Room', 'Help'] as const;

/** Something that can be done in the room, as it stands at this moment. */
export type Command = {
  readonly id: string;
  readonly title: string;
  readonly section: (typeof SECTIONS)[number];
  /** Its place in its section, low first. */
  readonly order: number;
  /**
   * As `shortcuts.ts` reads them. The first is shown. A command with keys is always in the list, and its keys never
   * change.
   */
  readonly keys?: readonly string[];
  /** False where it does not apply just now: it is not listed, and its keys do nothing. */
  readonly enabled: boolean;
  /** It is also in the room's menu: in which of the menu's groups, and where in it, low first. */
  readonly menu?: {
    readonly group: number;
    readonly order: number;
    readonly icon: ReactNode;
    readonly hint?: string;
  };
  readonly run: () => void;
};

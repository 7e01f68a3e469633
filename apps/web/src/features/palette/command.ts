/** In the order in which they are shown. */
export const SECTIONS = ['Run', 'Files', 'View', 'Room', 'Help'] as const;

/** Something that can be done in the room, from the palette or by its keys. */
export type Command = {
  readonly id: string;
  readonly title: string;
  readonly section: (typeof SECTIONS)[number];
  /** As `shortcuts.ts` reads them. The first is shown. */
  readonly keys?: readonly string[];
  /** False where it does not apply just now: it is not listed, and its keys do nothing. */
  readonly enabled: boolean;
  readonly run: () => void;
};

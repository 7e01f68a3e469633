/** The lines of this bench (README.md says what they mean). */
import { bigText } from './lines/cat.ts';
import { overACut } from './lines/cut.ts';
import { betweenRoomAndDisk } from './lines/disk.ts';
import { interrupts } from './lines/interrupt.ts';
import { keysToEchoes } from './lines/keys.ts';
import { comingLate } from './lines/late.ts';
import { onThePage } from './lines/page.ts';
import { atTheRunner } from './lines/runner.ts';
import type { Found } from './results.ts';
import type { Stage } from './stage.ts';

type Line = {
  readonly title: string;
  /** @param stage opens the stage, or gives the one that is open */
  readonly measure: (stage: () => Promise<Stage>) => Promise<Found | Found[]>;
};

export const LINES = {
  runner: { title: 'prompt, echo and flood at the runner', measure: atTheRunner },
  keys: {
    title: 'from a key to its echo, beside others',
    measure: async (stage) => keysToEchoes(await stage()),
  },
  page: { title: 'keys that are seen before their echo', measure: async (stage) => onThePage(await stage()) },
  disk: { title: 'between room and disk', measure: async (stage) => betweenRoomAndDisk(await stage()) },
  cat: { title: 'a text of 50 MB that four watch', measure: async (stage) => bigText(await stage()) },
  interrupt: { title: 'Ctrl-C under a flood', measure: async (stage) => interrupts(await stage()) },
  late: { title: 'somebody who comes late', measure: async (stage) => comingLate(await stage()) },
  cut: { title: 'a connection that is cut for a minute', measure: async (stage) => overACut(await stage()) },
} as const satisfies Readonly<Record<string, Line>>;

export type LineName = keyof typeof LINES;

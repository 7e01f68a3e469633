/** The lines by the names that the command line takes, in the order of the table, with what CodeSync is to reach. */
import type { Line } from '../measure.ts';
import { cancelLine } from './cancel.ts';
import { floodLine, memoryLine } from './flood.ts';
import { againLine, helloLine } from './hello.ts';
import { orderLine } from './order.ts';
import { recoveryLine } from './recovery.ts';
import { sustainedLine } from './sustained.ts';

const atMost = (value: number) => ({ kind: 'atMost', value }) as const;
/** There is an interpreter to boot. */
const belowLocal = { kind: 'belowLocal' } as const;

export const LINES = {
  python: helloLine('python', [atMost(6), belowLocal]),
  javascript: helloLine('javascript', [atMost(10), belowLocal]),
  go: helloLine('go', [atMost(150)]),
  rust: helloLine('rust', [atMost(300)]),
  'go-again': againLine('go', [atMost(15)]),
  'rust-again': againLine('rust', [atMost(15)]),
  cancel: cancelLine([atMost(5)]),
  flood: floodLine,
  order: orderLine([atMost(0)]),
  memory: memoryLine,
  sustained1: sustainedLine(1),
  sustained4: sustainedLine(4),
  recovery: recoveryLine,
} as const satisfies Readonly<Record<string, Line>>;

export type LineName = keyof typeof LINES;

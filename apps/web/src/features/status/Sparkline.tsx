import type { Sample } from '../../room-source/measures.ts';
import { columns } from './columns.ts';

const BAR = 3;
const STEP = 4;
const COLUMNS = 32;
const HEIGHT = 28;
/** A chart of smaller values is drawn low, so that what nobody can feel does not look like mountains. */
const LEAST_TOP_MS = 20;

type SparklineProps = { samples: readonly Sample[]; now: number };

/** The last minutes of a measurement, the newest on the right. Decoration: the numbers beside it say the same. */
export function Sparkline({ samples, now }: SparklineProps) {
  const tops = columns(samples, now, COLUMNS);
  const top = Math.max(LEAST_TOP_MS, ...tops.map((ms) => ms ?? 0));
  const newest = tops.findLastIndex((ms) => ms !== null);
  return (
    <svg aria-hidden="true" width={COLUMNS * STEP - 1} height={HEIGHT}>
      <rect y={HEIGHT - 1} width={COLUMNS * STEP - 1} height={1} className="fill-line" />
      {tops.map((ms, column) => {
        if (ms === null) return null;
        const height = Math.max(2, Math.round((ms / top) * HEIGHT));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            key={column}
            x={column * STEP}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            rx={1}
            className={column === newest ? 'fill-accent' : 'fill-accent/40'}
          />
        );
      })}
    </svg>
  );
}

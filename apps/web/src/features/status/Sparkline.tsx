import { MEASURES_MS, type Sample } from '../../room-source/measures.ts';

const WIDTH = 128;
const HEIGHT = 28;
/** The line keeps off the edges by half its width. */
const EDGE = 1;
/** Below it, all is flat: what nobody can feel should not look like mountains. */
const LEAST_TOP_MS = 20;
/** Between measurements further apart than this nothing was measured. */
const GAP_MS = 15_000;

type SparklineProps = { samples: readonly Sample[]; now: number };

/** The last minutes of a measurement, the newest on the right. Decoration: the numbers beside it say the same. */
export function Sparkline({ samples, now }: SparklineProps) {
  const shown = samples.filter(({ at }) => at > now - MEASURES_MS);
  const top = Math.max(LEAST_TOP_MS, ...shown.map(({ ms }) => ms));
  const x = (at: number) => EDGE + (1 - (now - at) / MEASURES_MS) * (WIDTH - 2 * EDGE);
  const y = (ms: number) => HEIGHT - EDGE - (ms / top) * (HEIGHT - 2 * EDGE);
  const line = shown
    .map(({ at, ms }, i) => {
      const joined = i > 0 && at - shown[i - 1]!.at < GAP_MS;
      return `${joined ? 'L' : 'M'}${x(at).toFixed(1)} ${y(ms).toFixed(1)}`;
    })
    .join('');
  const last = shown.at(-1);
  return (
    <svg aria-hidden="true" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line)" />
      <path d={line} fill="none" stroke="var(--accent)" strokeWidth="1.5" strokeLinejoin="round" />
      {last !== undefined && <circle cx={x(last.at)} cy={y(last.ms)} r="2" fill="var(--accent)" />}
    </svg>
  );
}

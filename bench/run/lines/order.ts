/** Two streams that take turns: whether their order is kept, and what that costs. */
import { median } from '../../lib/stats.ts';
import { byTurns, type Goal, type Line, runOnce } from '../measure.ts';
import { turns } from '../programs.ts';

const LINES = 20_000;
const PROGRAM = turns(LINES);
const RIGHT = PROGRAM.all.split('\n');

export function orderLine(goals: readonly Goal[]): Line {
  return {
    title: `${LINES.toLocaleString('en')} lines to stdout and stderr by turns, Python`,
    metrics: [
      { what: 'lines out of place', unit: 'lines', goals },
      { what: 'lines a second', unit: 'perSecond' },
    ],
    measure: (bed, ways, size) =>
      byTurns(
        bed,
        ways,
        size.others,
        async (way) => {
          const job = { language: 'python', text: PROGRAM.text } as const;
          const { firstByteAt, endedAt, mixed } = await runOnce(bed, way, job, PROGRAM.output);
          const lines = mixed.split('\n');
          const wrong = RIGHT.filter((line, n) => line !== lines[n]).length;
          return { wrong, rate: (LINES * 1000) / (endedAt - firstByteAt) };
        },
        (taken) => [median(taken.map(({ wrong }) => wrong)), median(taken.map(({ rate }) => rate))],
      ),
  };
}

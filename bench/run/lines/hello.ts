/** Hello world, fresh and once more. */
import type { Language } from '@codesync/protocol';
import { byTurns, type Goal, type Line, rounds, runOnce, spread } from '../measure.ts';
import { hello } from '../programs.ts';
import type { Ended } from '../way.ts';

const FIGURES = ['first byte, p50', 'first byte, p95', 'end, p50', 'end, p95'] as const;

/** A program that was never run before. */
export function helloLine(language: Language, goals: readonly Goal[]): Line {
  return {
    title: `Hello world in ${language}, a fresh program each time`,
    metrics: metrics(goals),
    measure: (bed, ways, size) =>
      byTurns(
        bed,
        ways,
        rounds(language, size),
        (way) => {
          const { text, output } = hello(language);
          return runOnce(bed, way, { language, text }, output);
        },
        figures,
      ),
  };
}

/** A program that was compiled before. */
export function againLine(language: Language, goals: readonly Goal[]): Line {
  return {
    title: `Hello world in ${language} once more, unchanged`,
    metrics: metrics(goals),
    async measure(bed, ways, size) {
      const { text, output } = hello(language);
      const binary = await bed.containers.compile({ language, text });
      const once = (way: (typeof ways)[number]) => runOnce(bed, way, { language, text, binary }, output);
      return byTurns(bed, ways, size.compiled, once, figures);
    },
  };
}

function metrics(goals: readonly Goal[]): Line['metrics'] {
  return FIGURES.map((what, i) => ({ what, unit: 'ms', ...(i === 0 ? { goals } : {}) }));
}

function figures(taken: readonly Ended[]): (number | null)[] {
  return [
    ...spread(taken.map(({ startedAt, firstByteAt }) => firstByteAt - startedAt)),
    ...spread(taken.map(({ startedAt, endedAt }) => endedAt - startedAt)),
  ];
}

/** Line h: two people who write at once. */
import type { Pair } from '../../lib/session.ts';
import { time } from '../../lib/stats.ts';
import { same, sameLength } from '../checks.ts';
import { milliseconds, scaled } from '../figure.ts';
import { perform, rehearse } from '../pair.ts';
import type { Row } from '../row.ts';

export function together(pair: Pair): Row {
  return {
    line: 'h',
    what: `${pair.name}, ${pair.turns.length.toLocaleString('en')} edits`,
    unit: 'ms',
    goal: { kind: 'best', factor: 0.5, among: 'all' },
    measure(engine, patience) {
      const { turns, length, end } = rehearse(pair, engine.session());
      const timing = time(() => {
        const session = engine.session();
        return () => {
          perform(turns, session);
          return () => {
            const [server, ...people] = session.texts();
            for (const text of people) same(text, server!);
            sameLength(server!, length);
            if (end !== null) same(server!, end);
          };
        };
      }, patience);
      return scaled(milliseconds(timing), 1 / pair.turns.length);
    },
  };
}

/** Lines a and b: a recorded session, edit by edit. */
import type { Solo } from '../../lib/session.ts';
import { time } from '../../lib/stats.ts';
import { same } from '../checks.ts';
import { perSecond } from '../figure.ts';
import type { Row } from '../row.ts';
import { logOf } from './log.ts';

export function localEdits(solo: Solo): Row {
  return {
    line: 'a',
    what: `${solo.name}, ${solo.edits.length.toLocaleString('en')} edits`,
    unit: 'rate',
    goal: { kind: 'best', factor: 2, among: 'all' },
    measure(engine, patience) {
      const start = engine.create(solo.start);
      return perSecond(
        solo.edits.length,
        time(() => {
          const replica = engine.load(start, 1);
          return () => {
            for (const { at, remove, insert } of solo.edits) {
              replica.edit(at, remove, insert);
              replica.confirm();
            }
            return () => same(replica.text(), solo.end);
          };
        }, patience),
      );
    },
  };
}

export function madeIntoBytes(solo: Solo): Row {
  return {
    line: 'b',
    what: `${solo.name}, made`,
    unit: 'rate',
    goal: { kind: 'best', factor: 2, among: 'all' },
    measure(engine, patience) {
      const start = engine.create(solo.start);
      return perSecond(
        solo.edits.length,
        time(() => {
          const replica = engine.load(start, 1);
          return () => {
            let bytes = 0;
            for (const { at, remove, insert } of solo.edits) {
              bytes += replica.send(at, remove, insert).length;
            }
            return () => {
              same(replica.text(), solo.end);
              if (bytes === 0) throw new Error('nothing was made');
            };
          };
        }, patience),
      );
    },
  };
}

export function takenIn(solo: Solo): Row {
  return {
    line: 'b',
    what: `${solo.name}, taken in`,
    unit: 'rate',
    goal: { kind: 'best', factor: 2, among: 'all' },
    measure(engine, patience) {
      const { start, messages } = logOf(engine, solo);
      return perSecond(
        solo.edits.length,
        time(() => {
          const replica = engine.load(start, 2);
          return () => {
            for (const message of messages) replica.receive([message]);
            return () => same(replica.text(), solo.end);
          };
        }, patience),
      );
    },
  };
}

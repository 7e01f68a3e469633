/** Line f: opening a file. */
import type { Solo } from '../../lib/session.ts';
import { time } from '../../lib/stats.ts';
import { same } from '../checks.ts';
import type { Replica } from '../engine.ts';
import { milliseconds } from '../figure.ts';
import type { Row } from '../row.ts';
import { logOf, replay } from './log.ts';

export function fromLog(solo: Solo): Row {
  return {
    line: 'f',
    what: `${solo.name}, log of ${solo.edits.length.toLocaleString('en')} edits`,
    unit: 'ms',
    goal: { kind: 'best', factor: 0.5, among: 'all' },
    measure(engine, patience) {
      const { start, messages } = logOf(engine, solo);
      return milliseconds(
        time(
          () => () => {
            const replica = engine.load(start, 2);
            replica.receive(messages);
            return opened(replica, solo.end);
          },
          patience,
        ),
      );
    },
  };
}

export function fromSnapshot(solo: Solo): Row {
  return {
    line: 'f',
    what: `${solo.name}, snapshot`,
    unit: 'ms',
    goal: { kind: 'best', factor: 1, among: 'all' },
    measure(engine, patience) {
      const replica = engine.load(engine.create(solo.start), 1);
      replay(replica, solo.edits);
      const snapshot = replica.snapshot();
      return milliseconds(time(() => () => opened(engine.load(snapshot, 2), solo.end), patience));
    },
  };
}

/** The text is read and a key is typed into its middle. */
function opened(replica: Replica, end: string): () => void {
  const text = replica.text();
  const middle = end.length >> 1;
  replica.edit(middle, 0, 'x');
  return () => {
    same(text, end);
    same(replica.text(), `${end.slice(0, middle)}x${end.slice(middle)}`);
  };
}

import { apply, TextBuffer } from '@codesync/ot';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientDocument } from '../src/index.ts';
import { Log, settle, Writer } from './support/writers.ts';

const plain = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), minLength: 1, maxLength: 4 });

const step = fc.record({
  who: fc.nat(2),
  act: fc.constantFrom(
    'type',
    'type',
    'type',
    'up',
    'up',
    'hear',
    'hear',
    'refuse',
    'events',
    'keyframe',
    'reload',
  ),
  at: fc.nat(30),
  remove: fc.nat(4),
  insert: plain,
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function room(text: string, size = 3): { readonly log: Log; readonly writers: readonly Writer[] } {
  const log = new Log(text);
  const writers = Array.from({ length: size }, (_, i) => new Writer(`client_${i}`, log));
  return { log, writers };
}

function act(log: Log, writer: Writer, { act, at, remove, insert }: Step): void {
  if (act === 'type') writer.type(at, remove, insert);
  else if (act === 'up') writer.sendUp();
  else if (act === 'hear') writer.hear();
  else if (act === 'refuse') log.refusesNext = true;
  else if (act === 'reload') writer.reload();
  else writer.reconnect(act);
}

describe('a client document', () => {
  test('[CL2] [NET1] is the log with what is pending, and the log once all is delivered', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { log, writers } = room('start');
        for (const one of steps) {
          const writer = writers[one.who]!;
          act(log, writer, one);
          expect(writer.text).toBe(apply(writer.confirmed, writer.document.pendingOp()));
        }
        settle(log);
        for (const writer of writers) {
          expect(writer.document.state).toBe('synchronized');
          expect(writer.text).toBe(log.text);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('[NET3] gives back what is refused: each letter is in the log or with its author, once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { log, writers } = room('');
        let typed = '';
        for (const one of steps) {
          if (one.act === 'type') typed += one.insert;
          act(log, writers[one.who]!, { ...one, remove: 0 });
        }
        settle(log);
        const back = writers.flatMap(({ taken }) => taken.map((lost) => lost.typed)).join('');
        expect([...log.text, ...back].sort()).toEqual([...typed].sort());
      }),
      { numRuns: 400 },
    );
  });

  test('[CL8] tells with a refusal the text as it was, and keeps what was typed after it', () => {
    const { log, writers } = room('say ', 1);
    const [ann] = writers;
    log.refusesNext = true;
    ann!.type(4, 0, 'no');
    ann!.sendUp();
    ann!.type(6, 0, ' yes');
    settle(log);
    expect(ann!.taken).toEqual([{ typed: 'no', text: 'say no yes' }]);
    expect(log.text).toBe('say  yes');
  });

  test.each(['events', 'keyframe'] as const)('[CL5] catches up by %s as it does edit by edit', (by) => {
    fc.assert(
      fc.property(
        plain,
        fc.array(fc.tuple(fc.nat(30), plain), { maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(30), fc.nat(4), plain), { maxLength: 8 }),
        (start, mine, theirs) => {
          const ways = [room(start, 2), room(start, 2)].map(({ log, writers }) => {
            const [ann, bob] = writers;
            for (const [at, insert] of mine) ann!.type(at, 0, insert);
            for (const edit of theirs) {
              bob!.type(...edit);
              bob!.sendUp();
              bob!.hear();
            }
            return { log, ann: ann! };
          });
          const [one, other] = ways;
          while (one!.ann.hear());
          other!.ann.reconnect(by);
          expect(other!.ann.text).toBe(one!.ann.text);
          expect(other!.ann.document.pendingOp()).toEqual(one!.ann.document.pendingOp());
        },
      ),
      { numRuns: 300 },
    );
  });

  test('goes to another text with what is pending, and gives back what does not fit there', () => {
    const confirmed = { version: 4, buffer: TextBuffer.from('one two three') };
    let nextSeq = 1;
    const numbers = { nextSeq: () => nextSeq, takeSeq: () => void nextSeq++ };
    const document = new ClientDocument(() => confirmed, numbers, null);
    document.edit([13, '!']);
    confirmed.buffer = TextBuffer.from('one TWO three');
    expect(document.replaced('one two three').taken).toBeNull();
    expect(document.text()).toBe('one TWO three!');
    confirmed.buffer = TextBuffer.from('one');
    expect(document.caughtUp([]).taken).toEqual({ typed: '!', text: 'one TWO three!' });
    expect(document.text()).toBe('one');
    expect(document.synchronized).toBe(true);
  });
});

test('a writer without a page writes a file while two people type', () => {
  const { log, writers } = room('b = 2\na = 1\n');
  const [ann, bob, sync] = writers;
  ann!.type(0, 0, '# letters\n');
  // A program on the disk has sorted the lines; all that it changed is one edit.
  sync!.type(0, 12, 'a = 1\nb = 2\n');
  bob!.type(12, 0, 'c = 3\n');
  settle(log);
  expect(log.text).toBe('# letters\na = 1\nb = 2\nc = 3\n');
  for (const writer of writers) expect(writer.text).toBe(log.text);
  expect(sync!.document.synchronized).toBe(true);
});

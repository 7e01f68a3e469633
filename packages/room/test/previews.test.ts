// Peers show what somebody types before the log has it. fast-check prints the seed of a counterexample.
import { OpBuilder } from '@codesync/ot';
import { LIMITS } from '@codesync/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Previewer } from './support/previewers.ts';
import { Log, settle } from './support/writers.ts';

/** `CASES=k` tries k times as many cases. */
const CASES = Number(process.env.CASES ?? 1);

const FAIR = ['type', 'type', 'type', 'type', 'tell', 'tell', 'up', 'down', 'down'] as const;
const LOSSY = [...FAIR, 'preview', 'preview', 'preview', 'again', 'lose', 'anywhere'] as const;
const HOSTILE = [
  ...LOSSY,
  'lie',
  'lie',
  'refuse',
  'events',
  'keyframe',
  'wait',
  'leave',
  'release',
  'change',
] as const;

type Act = (typeof HOSTILE)[number];

const stepsOf = (acts: readonly Act[], maxLength: number) =>
  fc.array(
    fc.record({
      who: fc.nat(3),
      act: fc.constantFrom(...acts),
      at: fc.nat(40),
      remove: fc.constantFrom(0, 0, 0, 1, 2, 5),
      letters: fc.nat(2),
      n: fc.nat(9),
    }),
    { maxLength, size: 'max' },
  );

type Step = ReturnType<typeof stepsOf> extends fc.Arbitrary<(infer Value)[]> ? Value : never;

/** A file that some people write, every letter typed in it another one. */
class Life {
  readonly log: Log;
  readonly people: readonly Previewer[];
  /** Who typed each letter, and which were deleted from any view. */
  readonly typedBy = new Map<string, Previewer>();
  readonly deleted = new Set<string>();

  constructor(size: number) {
    this.log = new Log('start');
    this.people = Array.from({ length: size }, (_, i) => new Previewer(`client_${i}`, this.log));
  }

  go({ who, act, at, remove, letters, n }: Step): void {
    const person = this.people[who % this.people.length]!;
    const at16 = boundary(person.view, Math.min(at, person.view.length));
    switch (act) {
      case 'type': {
        const end = boundary(person.view, Math.min(person.view.length, at16 + remove));
        const gone = person.type(at16, end - at16, this.#letters(letters, person));
        for (const letter of gone) this.deleted.add(letter);
        break;
      }
      case 'tell':
        person.tell();
        break;
      case 'up':
        person.sendUp();
        break;
      case 'down':
        person.hear();
        break;
      case 'preview':
        person.hearPreview(0);
        break;
      case 'again':
        person.hearPreview(n % Math.max(1, person.told.length), true);
        break;
      case 'anywhere':
        person.hearPreview(n % Math.max(1, person.told.length));
        break;
      case 'lose':
        person.told.splice(n % Math.max(1, person.told.length), 1);
        break;
      case 'lie': {
        const { clientSeq, base, stamp, ...truth } = person.preview();
        const inFlight = new OpBuilder();
        inFlight.retain(at);
        inFlight.remove(remove);
        inFlight.insert(['', 'lie', '😀', 'start'][letters] ?? '');
        const buffer = new OpBuilder();
        buffer.retain(n);
        buffer.insert(letters === 1 ? 'L' : '');
        person.tell({
          ...truth,
          stamp: stamp + (n % 3),
          base: Math.max(0, base + (n % 4) - 2),
          clientSeq: Math.max(1, clientSeq + (n % 3) - 1),
          inFlight: inFlight.build(),
          buffer: buffer.build(),
        });
        break;
      }
      case 'refuse':
        this.log.refusesNext = true;
        break;
      case 'wait':
        person.expire(person.now + 3_000);
        break;
      case 'leave':
        person.expire(person.now, (peer) => peer !== this.people[n % this.people.length]);
        break;
      case 'release':
        person.release();
        break;
      case 'change': {
        const { text } = person;
        const place = boundary(text, Math.min(at, text.length));
        person.change([...(place > 0 ? [place] : []), this.#letters(1, person)]);
        break;
      }
      default:
        person.reconnect(act);
    }
    person.expectConsistent();
  }

  /** All arrives, and what no one has confirmed is given up. */
  end(): void {
    settle(this.log);
    for (const person of this.people) {
      person.expire(person.now + LIMITS.previewMs);
      person.expectConsistent();
    }
    settle(this.log);
    for (const person of this.people) {
      person.expectConsistent();
      expect(person.view).toBe(this.log.text);
      expect(person.document.state).toBe('synchronized');
      expect(person.holds).toBe(false);
      expect(person.shown).toEqual([]);
    }
  }

  /** [PV4] Nobody has sent a letter that another typed. */
  expectOwnLetters(): void {
    for (const { body, origin } of this.log.events) {
      if (body.kind !== 'edit') continue;
      for (const part of body.op) {
        if (typeof part !== 'string') continue;
        for (const letter of part) expect(this.typedBy.get(letter)?.name, letter).toBe(origin!.client);
      }
    }
  }

  #letters(count: number, by: Previewer): string {
    let text = '';
    for (let i = 0; i < count; i++) {
      const number = this.typedBy.size;
      const letter = String.fromCodePoint((number % 3 === 0 ? 0x1f300 : 0x4e00) + number);
      this.typedBy.set(letter, by);
      text += letter;
    }
    return text;
  }
}

/** `at`, or the position after it if it is inside of a character. */
function boundary(text: string, at: number): number {
  const unit = at > 0 && at < text.length ? text.charCodeAt(at) : 0;
  return (unit & 0xfc00) === 0xdc00 ? at + 1 : at;
}

const times = (text: string, letter: string) => text.split(letter).length - 1;

describe('people who preview what others type', () => {
  test('[PV4] [PV7] [PV8] converge whatever becomes of previews, true or not, and send what they would without', () => {
    fc.assert(
      fc.property(fc.constantFrom(3, 4), stepsOf(HOSTILE, 120), (size, steps) => {
        const life = new Life(size);
        for (const step of steps) life.go(step);
        life.end();
        life.expectOwnLetters();
        for (const letter of life.typedBy.keys()) expect(times(life.log.text, letter)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 * CASES },
    );
  }, 120_000);

  test('[PV3] [PV5] [NET3] lose nothing: a letter is there once, unless somebody saw it and deleted it', () => {
    fc.assert(
      fc.property(fc.constantFrom(3, 4), stepsOf(LOSSY, 120), (size, steps) => {
        const life = new Life(size);
        for (const step of steps) life.go(step);
        settle(life.log);
        for (const person of life.people) expect(person.holds).toBe(false);
        life.end();
        for (const letter of life.typedBy.keys()) {
          expect(times(life.log.text, letter), letter).toBe(life.deleted.has(letter) ? 0 : 1);
        }
      }),
      { numRuns: 1_000 * CASES },
    );
  }, 120_000);

  test('[PV2] [PV3] see each letter at once and once where every preview arrives, and the log changes nothing', () => {
    fc.assert(
      fc.property(stepsOf(['type', 'type', 'up', 'down'], 60), (steps) => {
        const life = new Life(3);
        const [author, ...others] = life.people;
        for (const step of steps) {
          const before = others.map(({ view }) => view);
          life.go(step.act === 'type' ? { ...step, who: 0 } : step);
          for (const [i, other] of others.entries()) {
            if (step.act === 'down' && other.shown.length > 0)
              expect([before[i], author!.view]).toContain(other.view);
          }
          author!.tell();
          for (const other of others) other.hearPreview(0);
          // One who is behind has to wait for the version that the preview is made for.
          for (const other of others) {
            if (other.document.version >= author!.document.version) expect(other.view).toBe(author!.view);
          }
        }
        life.end();
      }),
      { numRuns: 400 * CASES },
    );
  }, 120_000);
});

describe('a preview', () => {
  function two(): { log: Log; ann: Previewer; bob: Previewer } {
    const log = new Log('say ');
    return { log, ann: new Previewer('ann', log), bob: new Previewer('bob', log) };
  }

  test('[PV2] is on the view of a peer and not in its text, until the log has it', () => {
    const { log, ann, bob } = two();
    ann.type(4, 0, 'hi');
    ann.tell();
    bob.hearPreview(0);
    expect([bob.view, bob.text, bob.shown]).toEqual(['say hi', 'say ', ['hi']]);
    settle(log);
    expect([bob.view, bob.text, bob.shown]).toEqual(['say hi', 'say hi', []]);
  });

  test('[PV3] that the log confirms is not touched by that, whatever it replaces', () => {
    const { log, ann, bob } = two();
    ann.type(1, 2, 'hello');
    ann.type(3, 1, '😀');
    ann.tell();
    bob.hearPreview(0);
    const { changes } = bob;
    settle(log);
    expect([bob.view, bob.changes - changes]).toEqual(['she😀lo ', 0]);
  });

  test('[PV2] stands where it would if it were next in the log', () => {
    const { log, ann, bob } = two();
    bob.type(4, 0, 'X');
    ann.type(4, 0, 'hello');
    ann.tell();
    bob.hearPreview(0);
    expect(bob.view).toBe('say Xhello');
    ann.sendUp();
    bob.hear();
    expect([bob.view, bob.changes]).toEqual(['say Xhello', 1]);
    settle(log);
    expect([log.text, ann.view]).toEqual(['say Xhello', 'say Xhello']);
  });

  test('[PV2] has what waits behind the edit in flight, too', () => {
    const { log, ann, bob } = two();
    for (const key of 'hello') ann.type(ann.view.length, 0, key);
    ann.tell();
    bob.hearPreview(0);
    expect(bob.view).toBe('say hello');
    ann.sendUp();
    bob.hear();
    expect([bob.view, bob.text, bob.shown]).toEqual(['say hello', 'say h', ['ello']]);
    settle(log);
    expect([bob.view, bob.shown]).toEqual(['say hello', []]);
  });

  test('[PV2] of an older version is carried there, and one of a newer version waits for it', () => {
    const { log, ann, bob } = two();
    ann.type(4, 0, 'x');
    ann.tell();
    bob.hearPreview(0);
    settle(log);
    bob.type(0, 0, 'B');
    bob.sendUp();
    while (bob.hear());
    ann.type(5, 0, 'y');
    ann.tell();
    bob.hearPreview(0);
    expect(bob.view).toBe('Bsay xy');
    while (ann.hear());
    bob.type(0, 0, 'C');
    bob.sendUp();
    while (ann.hear());
    ann.type(ann.view.length, 0, 'z');
    ann.tell();
    bob.hearPreview(0);
    expect(bob.view).toBe('CBsay xy');
    while (bob.hear());
    expect(bob.view).toBe('CBsay xyz');
  });

  test('[PV4] in which somebody types gives way: their letter is sent for the text that there is', () => {
    const { log, ann, bob } = two();
    ann.type(4, 0, 'hello');
    ann.tell();
    bob.hearPreview(0);
    bob.type(6, 0, 'X');
    expect([bob.view, bob.text]).toEqual(['say heXllo', 'say X']);
    expect(bob.up).toEqual([{ clientSeq: 1, version: 0, op: [4, 'X'] }]);
    settle(log);
    expect(bob.view).toBe(log.text);
    expect(ann.view).toBe(log.text);
  });

  test('[PV5] that is deleted stays away, and is deleted in the log when the log has it', () => {
    const { log, ann, bob } = two();
    ann.type(4, 0, 'hello');
    ann.tell();
    bob.hearPreview(0);
    bob.type(6, 3, '');
    expect([bob.view, bob.text, bob.holds, bob.up]).toEqual(['say he', 'say ', true, []]);
    ann.sendUp();
    bob.hear();
    expect([bob.view, bob.text, bob.holds]).toEqual(['say he', 'say he', false]);
    settle(log);
    expect([log.text, ann.view, bob.view]).toEqual(['say he', 'say he', 'say he']);
  });

  test('[PV5] that is deleted comes back when the deletion is given up', () => {
    const { ann, bob } = two();
    ann.type(4, 0, 'hello');
    ann.tell();
    bob.hearPreview(0);
    bob.type(2, 5, '');
    expect([bob.view, bob.text]).toEqual(['salo', 'sa']);
    bob.release();
    expect([bob.view, bob.text, bob.holds]).toEqual(['sahello', 'sa', false]);
  });

  test('[PV6] that the log does not confirm is taken back, and stays away', () => {
    const { log, ann, bob } = two();
    ann.type(4, 0, 'hello');
    ann.tell();
    ann.tell();
    bob.hearPreview(0);
    bob.expire(LIMITS.previewMs - 1);
    expect(bob.view).toBe('say hello');
    bob.expire(LIMITS.previewMs);
    expect(bob.view).toBe('say ');
    bob.hearPreview(0);
    expect(bob.view).toBe('say ');
    settle(log);
    expect(bob.view).toBe('say hello');
  });

  test('[PV6] goes with its author', () => {
    const { ann, bob } = two();
    ann.type(4, 0, 'hello');
    ann.tell();
    bob.hearPreview(0);
    bob.expire(1, () => false);
    expect(bob.view).toBe('say ');
  });

  test('[PV3] that is not what the log then has is corrected in the same step', () => {
    const { log, ann, bob } = two();
    ann.type(4, 0, 'truth');
    ann.tell({ ...ann.preview(), inFlight: [4, 'a lie'] });
    bob.hearPreview(0);
    expect(bob.view).toBe('say a lie');
    ann.sendUp();
    bob.hear();
    expect([bob.view, bob.shown]).toEqual(['say truth', []]);
    settle(log);
  });
});

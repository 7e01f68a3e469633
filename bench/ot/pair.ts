/**
 * A recorded pair for engines that let a person know more than the recording says. An edit made with sight of more
 * stands elsewhere in the text, so it is placed by the units around it: for that, each unit that is inserted gets a
 * character of its own.
 */
import { apply, fromEdits, type Op, transform } from '@codesync/ot';
import type { Edit, Pair, Turn } from '../lib/session.ts';
import type { Session } from './engine.ts';

/** What a person does at a turn: the edits are made for what they see when they know the other's first `known`. */
export type Placed = { readonly person: 0 | 1; readonly known: number; readonly edits: readonly Edit[] };

export type Rehearsed = {
  readonly turns: readonly Placed[];
  /** What is left at the end. Its order is the engine's where two people typed at one place. */
  readonly length: number;
  /** The text at the end, if it is known. */
  readonly end: string | null;
};

const FIRST_UNIT = 0x100;
const SURROGATES = { from: 0xd800, to: 0xe000 };
const LAST_UNIT = 0xfefe;

/**
 * The pair as it is to be typed into sessions of an engine.
 * @param session a new one; it is used up.
 * @throws Error if the session ends with other units than the recording, or if the recording inserts more units than
 *   there are characters to name them.
 */
export function rehearse(pair: Pair, session: Session): Rehearsed {
  return session.knowsMore ? placed(pair, session) : asRecorded(pair);
}

function asRecorded({ turns }: Pair): Rehearsed {
  const recorded = new Exchange();
  for (const turn of turns) recorded.type(turn);
  return {
    turns: turns.map(({ person, known, at, remove, insert }) => ({
      person,
      known,
      edits: [{ at, remove, insert }],
    })),
    length: recorded.finish().length,
    end: null,
  };
}

function placed(pair: Pair, session: Session): Rehearsed {
  const recorded = new Exchange();
  const names = new Names();
  /** For each person, how many edits were typed in so many turns: a turn may take none, or several. */
  const typed: readonly [number[], number[]] = [[0], [0]];
  const turns = pair.turns.map((turn) => {
    const { person } = turn;
    const known = typed[person === 0 ? 1 : 0][turn.known]!;
    const named = { ...turn, insert: names.give(turn.insert) };
    const before = recorded.type(named);
    session.deliver(person, known);
    const edits: Edit[] = [];
    for (const edit of place(named, before, session.view(person))) {
      session.type(person, edit.at, edit.remove, edit.insert);
      edits.push({ ...edit, insert: names.meaning(edit.insert) });
    }
    typed[person].push(typed[person].at(-1)! + edits.length);
    return { person, known, edits };
  });
  settle(session, turns);
  const end = session.texts()[0]!;
  const expected = recorded.finish();
  if (sorted(end) !== sorted(expected)) throw new Error('units were lost or came twice');
  return { turns, length: end.length, end: names.meaning(end) };
}

/** Types a rehearsed pair into a new session, to the end of what is under way. */
export function perform(turns: readonly Placed[], session: Session): void {
  for (const { person, known, edits } of turns) {
    session.deliver(person, known);
    for (const { at, remove, insert } of edits) session.type(person, at, remove, insert);
  }
  settle(session, turns);
}

function settle(session: Session, turns: readonly Placed[]): void {
  const totals = ([0, 1] as const).map((person) =>
    turns.reduce((sum, turn) => sum + (turn.person === person ? turn.edits.length : 0), 0),
  );
  // What waits behind an edit that is under way comes in a second round.
  for (let round = 0; round < 2; round += 1) {
    session.deliver(0, totals[1]!);
    session.deliver(1, totals[0]!);
  }
}

function sorted(text: string): string {
  return text.split('').toSorted().join('');
}

/** A character of its own for each unit that is inserted. */
class Names {
  readonly #meanings: string[] = [];

  give(text: string): string {
    let named = '';
    for (const unit of text.split('')) {
      this.#meanings.push(unit);
      const code = FIRST_UNIT + this.#meanings.length;
      const name = code < SURROGATES.from ? code : code + SURROGATES.to - SURROGATES.from;
      if (name > LAST_UNIT) throw new Error('the recording inserts too many units');
      named += String.fromCharCode(name);
    }
    return named;
  }

  meaning(named: string): string {
    let text = '';
    for (let i = 0; i < named.length; i += 1) {
      const name = named.charCodeAt(i);
      const code = name < SURROGATES.to ? name : name - (SURROGATES.to - SURROGATES.from);
      text += this.#meanings[code - FIRST_UNIT - 1]!;
    }
    return text;
  }
}

/** The edit, made for `before`, as edits of `view`, which may lack units of `before` and have others. */
function place({ at, remove, insert }: Edit, before: string, view: string): Edit[] {
  const edits: Edit[] = [];
  let text = view;
  const replace = (edit: Edit): void => {
    edits.push(edit);
    text = text.slice(0, edit.at) + edit.insert + text.slice(edit.at + edit.remove);
  };
  for (const unit of before.slice(at, at + remove)) {
    const found = text.indexOf(unit);
    if (found !== -1) replace({ at: found, remove: 1, insert: '' });
  }
  if (insert === '') return edits;
  let left = at;
  let found = -1;
  while (left > 0 && found === -1) {
    left -= 1;
    found = text.indexOf(before[left]!);
  }
  replace({ at: found + 1, remove: 0, insert });
  return edits;
}

type Message = { readonly op: Op; readonly known: number };

/**
 * Two people who send each other every edit at once and know exactly what they are told: the protocol of D. Nichols,
 * P. Curtis, M. Dixon and J. Lamping, "High-latency, low-bandwidth windowing in the Jupiter collaboration system",
 * 1995.
 */
class Exchange {
  readonly #people: readonly [Person, Person] = [new Person('left'), new Person('right')];
  readonly #sent: readonly [Message[], Message[]] = [[], []];

  /** Makes an edit; gives the text that the person had before it. */
  type({ person, known, ...edit }: Turn): string {
    const other = person === 0 ? 1 : 0;
    const { [person]: self } = this.#people;
    while (self.known < known) self.receive(this.#sent[other][self.known]!);
    const before = self.text;
    const op = fromEdits([edit]);
    this.#sent[person].push({ op, known: self.known });
    self.edit(op);
    return before;
  }

  /** Lets both know everything; gives the text. */
  finish(): string {
    for (const person of [0, 1] as const) {
      const sent = this.#sent[person === 0 ? 1 : 0];
      for (const message of sent.slice(this.#people[person].known)) this.#people[person].receive(message);
    }
    const [one, two] = this.#people;
    if (one.text !== two.text) throw new Error('the recording does not converge');
    return one.text;
  }
}

class Person {
  text = '';
  /** How many edits of the other are in the text. */
  known = 0;
  readonly #side: 'left' | 'right';
  /** Own edits that the other may not have, and how many came before them. */
  #own: Op[] = [];
  #dropped = 0;

  constructor(side: 'left' | 'right') {
    this.#side = side;
  }

  edit(op: Op): void {
    this.text = apply(this.text, op);
    this.#own.push(op);
  }

  receive(message: Message): void {
    this.#own = this.#own.slice(message.known - this.#dropped);
    this.#dropped = message.known;
    let { op } = message;
    this.#own = this.#own.map((own) => {
      const carried = transform(own, op, this.#side);
      op = transform(op, own, this.#side === 'left' ? 'right' : 'left');
      return carried;
    });
    this.text = apply(this.text, op);
    this.known += 1;
  }
}

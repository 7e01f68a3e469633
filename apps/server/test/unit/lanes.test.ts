// The loop that serves whatever lanes there are, with some that the product does not have yet.
import { type Refusal, refusal } from '@codesync/protocol';
import { describe, expect, test } from 'vitest';
import {
  asking,
  type Counted,
  type Parsed,
  type Rate,
  type Served,
  telling,
} from '../../src/sockets/lane.ts';

/** A client with so many messages left of each rate. */
class Client implements Counted {
  readonly name: string;
  readonly left: Record<Rate, number> = { commands: 10, presence: 10, terminals: 10, signals: 10 };
  readonly heard: unknown[] = [];
  readonly refusals: [number | null, Refusal['code']][] = [];
  readonly noted: Refusal['code'][] = [];

  constructor(name: string) {
    this.name = name;
  }

  counts(rate: Rate, cost: number): boolean {
    if (this.left[rate] < cost) return false;
    this.left[rate] -= cost;
    return true;
  }

  refuse(number: number | null, { code }: Refusal): void {
    this.refusals.push([number, code]);
  }

  noteRefusal(_: number | null, { code }: Refusal): void {
    this.noted.push(code);
  }
}

const malformed: Parsed<never> = { ok: false, error: refusal('protocol.malformed') };
const people = new Map<string, Client>();

type Signal = { readonly to: string; readonly text: string };

/** From one client to another. */
const addressed = asking<Client, Signal>({
  event: 'signal',
  rate: 'commands',
  schema: (raw) =>
    typeof raw === 'object' && raw !== null && 'to' in raw && 'text' in raw
      ? { ok: true, message: { to: String(raw.to), text: String(raw.text) } }
      : malformed,
  cost: ({ text }) => text.length >> 2,
  answer: ({ name }, { to, text }, reply) => {
    const other = people.get(to);
    if (other === undefined) return refusal('member.unknown');
    other.heard.push([name, text]);
    reply('sent');
    return null;
  },
  refused: ({ code }) => code,
});

/** Bytes as they are, after a number. */
const binary = telling<Client, Uint8Array>({
  event: 'output',
  rate: 'presence',
  schema: (raw) => (raw instanceof Uint8Array && raw.length > 1 ? { ok: true, message: raw } : malformed),
  cost: ({ length }) => length >> 2,
  handle: async (client, bytes, cameAt) => {
    client.heard.push([...bytes.subarray(1), cameAt]);
    return bytes[1] === 0 ? refusal('run.unknown') : null;
  },
  number: (raw) => (raw instanceof Uint8Array ? (raw[0] ?? null) : null),
});

/** A lane of which nobody is told what comes too often. */
const lossy = telling<Client, unknown>({
  event: 'cursor',
  rate: 'presence',
  schema: (raw) => (raw === null ? malformed : { ok: true, message: raw }),
  handle: (client, message) => {
    client.heard.push(message);
    return null;
  },
});

const LANES: ReadonlyMap<string, Served<Client>> = new Map(
  [addressed, binary, lossy].map((lane) => [lane.event, lane]),
);

async function send(client: Client, event: string, ...parameters: unknown[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  const reply = (answer?: unknown) => answers.push(answer);
  await LANES.get(event)!.serve(
    client,
    parameters.map((each) => (each === 'reply' ? reply : each)),
    7,
  );
  return answers;
}

function cast() {
  const [ana, bea] = [new Client('ana'), new Client('bea')];
  people.clear();
  for (const each of [ana, bea]) people.set(each.name, each);
  return { ana, bea };
}

describe('a lane from one client to another', () => {
  test('brings a message there and an answer back, and counts what is in it', async () => {
    const { ana, bea } = cast();
    expect(await send(ana, 'signal', { to: 'bea', text: '12345678' }, 'reply')).toEqual(['sent']);
    expect(bea.heard).toEqual([['ana', '12345678']]);
    expect(ana.left.commands).toBe(10 - 1 - 2);
  });

  test('answers a refusal, whoever refuses', async () => {
    const { ana } = cast();
    expect(await send(ana, 'signal', { to: 'nobody', text: '' }, 'reply')).toEqual(['member.unknown']);
    expect(await send(ana, 'signal', 5, 'reply')).toEqual(['protocol.malformed']);
    expect(await send(ana, 'signal', { to: 'bea', text: 'x'.repeat(99) }, 'reply')).toEqual([
      'rate.exceeded',
    ]);
    ana.left.commands = 0;
    expect(await send(ana, 'signal', { to: 'bea', text: '' }, 'reply')).toEqual(['rate.exceeded']);
    expect(ana.noted).toEqual(['member.unknown', 'protocol.malformed', 'rate.exceeded', 'rate.exceeded']);
    expect(ana.refusals).toEqual([]);
  });

  test('refuses a question that nobody waits for, while it is within its rate', async () => {
    const { ana } = cast();
    await send(ana, 'signal', { to: 'bea', text: '' });
    ana.left.commands = 0;
    await send(ana, 'signal', { to: 'bea', text: '' });
    expect(ana.refusals).toEqual([[null, 'protocol.malformed']]);
  });
});

describe('a lane of bytes', () => {
  test('hands them on as they came', async () => {
    const { ana } = cast();
    await send(ana, 'output', new Uint8Array([3, 255, 254, 253]));
    expect(ana.heard).toEqual([[255, 254, 253, 7]]);
    expect(ana.left.presence).toBe(10 - 1 - 1);
  });

  test('refuses by their number, whoever refuses', async () => {
    const { ana } = cast();
    await send(ana, 'output', new Uint8Array([4]));
    await send(ana, 'output', new Uint8Array([5, 0]));
    await send(ana, 'output', 'text');
    await send(ana, 'output', new Uint8Array(99).fill(6));
    ana.left.presence = 0;
    await send(ana, 'output', new Uint8Array([7, 1]));
    expect(ana.refusals).toEqual([
      [4, 'protocol.malformed'],
      [5, 'run.unknown'],
      [null, 'protocol.malformed'],
      [6, 'rate.exceeded'],
      [7, 'rate.exceeded'],
    ]);
  });
});

test('a lane without numbers passes over what comes too often, and refuses what it cannot read', async () => {
  const { ana } = cast();
  await send(ana, 'cursor', null);
  ana.left.presence = 0;
  await send(ana, 'cursor', 5);
  expect(ana.heard).toEqual([]);
  expect(ana.refusals).toEqual([[null, 'protocol.malformed']]);
});

import { fileId } from '@codesync/protocol/testing';
import * as json from 'socket.io-parser';
import { expect, test } from 'vitest';
import { clientParser, type FollowingText, type JoinReply, partWelcome, wireParser } from '../src/index.ts';

/** A welcome with texts of these lengths. */
function welcomeOf(...units: readonly number[]): Extract<JoinReply, { ok: true }> {
  const files = units.map((length, n) => ({
    id: fileId(`file-${n}`),
    path: `${n}.py`,
    language: null,
    version: n,
    text: String(n).repeat(length),
  }));
  const state = { kind: 'keyframe', keyframe: { seq: 1, files }, catchUps: [] };
  return { ok: true, head: 1, state } as unknown as Extract<JoinReply, { ok: true }>;
}

const { Encoder } = wireParser(json);
const answer = (reply: JoinReply) => new Encoder().encode({ type: 3, nsp: '/', id: 7, data: [reply] });
const event = (...data: unknown[]) => new Encoder().encode({ type: 2, nsp: '/', data });

type Heard = { readonly type: number; readonly data?: unknown };

function listen(parser: typeof wireParser): {
  heard: Heard[];
  hear: (messages: unknown[]) => void;
  end: () => void;
} {
  const decoder = new (parser(json).Decoder)();
  const heard: Heard[] = [];
  decoder.on('decoded', (packet) => heard.push(packet));
  return {
    heard,
    hear: (messages) => {
      for (const message of messages) decoder.add(message);
    },
    end: () => decoder.destroy(),
  };
}

test('a small room is welcomed in one message', () => {
  const small = welcomeOf(400_000, 500_000);
  expect(partWelcome(small)).toEqual({ welcome: small, following: [] });
});

test('the texts of a large room follow, no message with much more than one file can have', () => {
  const large = welcomeOf(10, 2_000_000, 600_000, 600_000, 300_000, 1_500_000, 5);
  const { welcome, following } = partWelcome(large);
  const lengths = (texts: readonly FollowingText[]) => texts.map(({ text }) => text.length);
  expect(following.map(lengths)).toEqual([[2_000_000], [600_000], [600_000, 300_000], [1_500_000], [5]]);
  expect(JSON.stringify(welcome).length).toBeLessThan(1_000);

  const client = listen(clientParser);
  client.hear(answer(welcome));
  client.hear(event('events', [1]));
  for (const texts of following.slice(0, -1)) client.hear(event('texts', texts));
  client.hear(event('presence', []));
  expect(client.heard.map(({ data }) => (data as unknown[])[0])).toEqual(Array(4).fill('texts'));
  client.hear(event('texts', following.at(-1)));
  client.hear(event('lost', []));
  const [whole, ...later] = client.heard.slice(5);
  expect(whole).toMatchObject({ type: 3, id: 7 });
  const [reply] = whole!.data as [JoinReply];
  expect(reply).toEqual({ ...large, state: { ...large.state, following: 0 } });
  expect(later.map(({ data }) => (data as unknown[])[0])).toEqual(['events', 'presence', 'lost']);
});

test('a connection that ends in the middle of it leaves nothing to the next one', () => {
  const { welcome } = partWelcome(welcomeOf(10, 2_000_000));
  const client = listen(clientParser);
  client.hear(answer(welcome));
  client.end();
  client.hear(event('lost', []));
  expect(client.heard.map(({ data }) => data)).toEqual([['lost', []]]);
});

test('what is no welcome is told at once, and a server holds nothing back', () => {
  const { welcome } = partWelcome(welcomeOf(10, 2_000_000));
  const odd: JoinReply = { ok: false, error: { code: 'room.unknown', message: 'There is none.' } };
  const client = listen(clientParser);
  for (const each of [odd, null, {}, 'ok'] as JoinReply[]) client.hear(answer(each));
  expect(client.heard).toHaveLength(4);
  const server = listen(wireParser);
  server.hear(answer(welcome));
  server.hear(event('lost', []));
  expect(server.heard).toHaveLength(2);
});

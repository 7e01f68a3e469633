// What people are told of a call.
import { type CallMember, type CallState, MediaKind } from '@codesync/protocol';
import { callSessionId, clientId, participantId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import type { PeerView } from '../../../src/call/transport.ts';
import { troubleOf, troubleWords } from '../../../src/call/troubles.ts';
import { largeOf, tilesOf } from '../../../src/features/call/tiles.ts';
import { newsOf, tileWords, wayWords } from '../../../src/features/call/words.ts';

const member = (name: string, change: Partial<CallMember> = {}): CallMember => ({
  client: clientId(`client-${name}`),
  participant: participantId(name),
  session: callSessionId(`session-${name}`),
  microphone: true,
  camera: false,
  screen: false,
  joinedAt: 1,
  mutedBy: null,
  ...change,
});
const state = (...members: readonly CallMember[]): CallState => ({ members });
const people = new Map(['Ada', 'Bea', 'Cyd'].map((name, hue) => [participantId(name), { name, hue }]));
const ADA = participantId('Ada');

describe('news', () => {
  test.each([
    ['somebody comes', state(member('Ada')), state(member('Ada'), member('Bea')), 'Bea joined the call.'],
    ['somebody goes', state(member('Ada'), member('Bea')), state(member('Ada')), 'Bea left the call.'],
    [
      'one comes and one goes',
      state(member('Bea')),
      state(member('Cyd')),
      'Cyd joined the call. Bea left the call.',
    ],
    ['oneself comes', state(), state(member('Ada')), ''],
    ['somebody mutes themselves', state(member('Bea')), state(member('Bea', { microphone: false })), ''],
    ['somebody reloads', state(member('Bea')), state(member('Bea', { session: callSessionId('other') })), ''],
    ['a screen', state(member('Bea')), state(member('Bea', { screen: true })), 'Bea shares their screen.'],
  ])('of %s', (_, before, after, words) => {
    expect(newsOf(before, after, people, ADA)).toBe(words);
  });
});

test('screens come first, then oneself, then the others as they came', () => {
  const bea = member('Bea', { screen: true });
  const tiles = tilesOf(state(bea, member('Cyd'), member('Ada')), people, clientId('client-Ada'));
  expect(tiles.map(({ kind, name, own }) => `${kind} ${name}${own ? ' own' : ''}`)).toEqual([
    'screen Bea',
    'person Ada own',
    'person Bea',
    'person Cyd',
  ]);
  expect(largeOf(tiles, { kind: 'screen', client: bea.client })).toBe(tiles[0]);
  expect(largeOf(tiles, { kind: 'screen', client: clientId('client-Cyd') })).toBeNull();
});

test('a tile says who is muted', () => {
  expect(tileWords('Bea', { microphone: false, camera: true }, false)).toBe('Bea, muted, camera on');
  expect(tileWords('Ada', { microphone: true, camera: false }, true)).toBe('Ada (you)');
});

describe('the way to somebody', () => {
  const peer = (change: Partial<PeerView>): PeerView => ({
    state: 'connected',
    tracks: {},
    quality: null,
    ...change,
  });

  test('that cannot be found is said with its cause, and what to do', () => {
    const failing = peer({ state: 'failing' });
    expect(wayWords('Bea', failing, false)?.long).toMatch(/no relay \(TURN\).*set up a relay/);
    expect(wayWords('Bea', failing, true)?.long).toMatch(/nor the server’s relay.*firewall/);
  });

  test('that is well has no words', () => {
    expect(wayWords('Bea', peer({}), true)).toBeNull();
    const quality = { level: 'poor', cause: 'loss', loss: 0.2, rttMs: 30, relayed: false } as const;
    expect(wayWords('Bea', peer({ quality }), true)).toMatchObject({ short: 'Poor connection' });
    expect(wayWords('Bea', undefined, true)).toMatchObject({ short: 'Connecting' });
  });
});

describe('a device that cannot be had', () => {
  test.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['NotSupportedError', 'unsupported'],
    ['TypeError', 'failed'],
  ])('%s means %s', (name, trouble) => {
    expect(troubleOf(new DOMException('', name))).toBe(trouble);
  });

  test('is said in a sentence of its own for each cause and kind', () => {
    const troubles = ['denied', 'missing', 'busy', 'insecure', 'unsupported', 'unplugged', 'failed'] as const;
    const words = MediaKind.options.flatMap((kind) => troubles.map((trouble) => troubleWords(kind, trouble)));
    expect(new Set(words).size).toBe(words.length);
    for (const sentence of words) expect(sentence).toMatch(/^[A-Z].+[.]$/);
    expect(troubleOf(null)).toBe('failed');
    expect(troubleWords('camera', 'insecure')).toMatch(/plain HTTP.*HTTPS.*localhost/);
  });
});

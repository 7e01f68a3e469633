// Signals that have to wait for the server, and presence that comes from page to page.
import { JUST_HERE, type PeerSignal, type PresenceEntry, type PresenceUpdate } from '@codesync/protocol';
import { clientId, ManualClock, participantId, settle } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { Mailbox } from '../../../src/call/mailbox.ts';
import type { PeerChannel, PeerChannels } from '../../../src/room-source/peer-channels.ts';
import { PeerPresence } from '../../../src/room-source/peer-presence.ts';

const offer = (sdp: string): PeerSignal => ({ kind: 'description', type: 'offer', sdp });
const candidate = (text: string): PeerSignal => ({
  kind: 'candidate',
  candidate: text,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});
const nameOf = (signal: PeerSignal) =>
  signal.kind === 'description' ? signal.sdp : signal.kind === 'candidate' ? signal.candidate : signal.kind;

function stage() {
  const clock = Object.assign(new ManualClock(), { random: () => 0.5 });
  const arrived: string[] = [];
  let online = true;
  const mailbox = new Mailbox(clock, async (signal) => {
    if (online) arrived.push(nameOf(signal));
    return online;
  });
  const cut = (is: boolean) => {
    online = !is;
  };
  return { clock, arrived, mailbox, cut };
}

describe('a mailbox', () => {
  test('sends at once, and what did not get there when the server is back, in order', async () => {
    const { clock, arrived, mailbox, cut } = stage();
    mailbox.post(offer('one'));
    cut(true);
    for (const text of ['a', 'b', 'c']) mailbox.post(candidate(text));
    await settle();
    expect(arrived).toEqual(['one']);
    cut(false);
    await clock.pass(1_000);
    expect(arrived).toEqual(['one', 'a', 'b', 'c']);
    await clock.pass(60_000);
    expect(arrived).toHaveLength(4);
  });

  test('forgets what a newer description has replaced', async () => {
    const { clock, arrived, mailbox, cut } = stage();
    cut(true);
    mailbox.post(offer('old'));
    mailbox.post(candidate('of the old one'));
    await settle();
    mailbox.post(offer('new'));
    mailbox.post(candidate('of the new one'));
    await settle();
    cut(false);
    mailbox.flush();
    await clock.pass(5_000);
    expect(arrived).toEqual(['new', 'of the new one']);
  });

  test('gives up in the end, and says nothing once it is closed', async () => {
    const { clock, arrived, mailbox, cut } = stage();
    cut(true);
    mailbox.post(candidate('never'));
    await clock.pass(60_000);
    cut(false);
    mailbox.flush();
    await clock.pass(1_000);
    expect(arrived).toEqual([]);
    cut(true);
    mailbox.post(candidate('late'));
    await settle();
    mailbox.close();
    cut(false);
    await clock.pass(5_000);
    expect(arrived).toEqual([]);
  });
});

describe('presence from page to page', () => {
  const grace = clientId('client-of-grace-1234');
  const update: PresenceUpdate = {
    clock: 7,
    cursors: null,
    viewport: null,
    activity: { ...JUST_HERE, speaking: true },
  };
  const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  function pair(others: readonly string[] = [grace]) {
    const heard: PresenceEntry[] = [];
    const sent: unknown[] = [];
    let tell: Parameters<PeerChannels['onMessage']>[0] = () => {};
    let now = 0;
    const presence = new PeerPresence({
      now: () => now,
      ownerOf: (client) => (client === grace ? participantId('grace-grace-grace-12') : null),
      heard: (entry) => void heard.push(entry),
    });
    presence.use({
      peers: () => new Set(others.map(clientId)),
      send: (_, bytes) => void sent.push(JSON.parse(new TextDecoder().decode(bytes))),
      onMessage: (listener) => {
        tell = listener;
        return () => {
          tell = () => {};
        };
      },
    });
    const come = (bytes: Uint8Array<ArrayBuffer>, from = grace, channel: PeerChannel = 'presence') =>
      tell(from, channel, bytes);
    return { presence, heard, sent, come, pass: (ms: number) => (now += ms) };
  }

  test('is the register that the server would tell, of whoever is at the other end', () => {
    const { heard, come } = pair();
    come(bytesOf(update));
    expect(heard).toEqual([{ ...update, client: grace, participant: 'grace-grace-grace-12', gone: false }]);
  });

  test.each([
    ['a client that says whose it is', { ...update, client: clientId('somebody-else-123456') }],
    ['one that says that somebody is gone', { ...update, gone: true }],
    ['a clock that goes nowhere', { ...update, clock: 0 }],
    [
      'too many cursors',
      {
        ...update,
        cursors: { file: 'file-0001', version: 1, spans: Array(65).fill({ anchor: 0, head: 0 }) },
      },
    ],
    ['no object', 'update'],
  ])('of %s is passed over', (_, value) => {
    const { heard, come } = pair();
    come(bytesOf(value));
    expect(heard).toEqual([]);
  });

  test('that is no JSON, too long, on another channel or of nobody in the room is passed over', () => {
    const { heard, come } = pair();
    come(new Uint8Array([0xff, 0xfe]));
    come(new TextEncoder().encode(`${JSON.stringify(update)}${' '.repeat(20_000)}`));
    come(bytesOf(update), grace, 'edits');
    come(bytesOf(update), clientId('nobody-in-the-room-1'));
    expect(heard).toEqual([]);
  });

  test('is heard only so often, and again after a while', () => {
    const { heard, come, pass } = pair();
    for (let clock = 1; clock <= 500; clock++) come(bytesOf({ ...update, clock }));
    const burst = heard.length;
    expect(burst).toBeLessThan(200);
    pass(1_000);
    come(bytesOf({ ...update, clock: 501 }));
    expect(heard).toHaveLength(burst + 1);
  });

  test('costs nothing where nobody would hear it, and ends with the call', () => {
    const alone = pair([]);
    alone.presence.send(update);
    expect(alone.sent).toEqual([]);
    const { presence, sent, heard, come } = pair();
    presence.send(update);
    expect(sent).toEqual([update]);
    presence.use(null);
    presence.send(update);
    come(bytesOf(update));
    expect([sent.length, heard.length]).toEqual([1, 0]);
  });
});

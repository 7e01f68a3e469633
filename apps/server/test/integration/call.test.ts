// The call at the server, over real sockets: whom it serves, what it hands on, and that none of it is kept.
import { type CallReply, type CallState, type IncomingSignal, LIMITS } from '@codesync/protocol';
import { callSessionId, Watch } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { Person, randomId, type Tab } from '../support/client.ts';
import { dataFolder, ownProcess, useServer } from '../support/server.ts';

const SECRET = 'a-secret-that-no-page-may-see';
const server = useServer({
  relays: { stun: ['stun:127.0.0.1:3478'], turn: { urls: ['turn:127.0.0.1:3478'], secret: SECRET } },
});

/** A tab, and what it hears of the call. */
class Caller {
  readonly tab: Tab;
  readonly session = callSessionId(randomId());
  state: CallState;
  readonly signals: IncomingSignal[] = [];
  readonly #watch = new Watch();

  private constructor(tab: Tab, state: CallState) {
    this.tab = tab;
    this.state = state;
  }

  static async come(tab: Tab, room: string, secret: string | null = null): Promise<Caller> {
    const { call } = await tab.join(room, secret);
    const caller = new Caller(tab, call);
    caller.listen();
    return caller;
  }

  listen(): void {
    this.tab.socket.on('call', (state) => {
      this.state = state;
      this.#watch.changed();
    });
    this.tab.socket.on('signal', (signal) => {
      this.signals.push(signal);
      this.#watch.changed();
    });
  }

  until(check: () => boolean): Promise<void> {
    return this.#watch.until(check);
  }

  ask(request: unknown): Promise<CallReply> {
    return this.tab.socket.emitWithAck('call', request as never);
  }

  join(): Promise<CallReply> {
    const media = { microphone: true, camera: false, screen: false };
    return this.ask({ ask: 'join', session: this.session, media });
  }

  signal(to: Caller, signal: unknown) {
    const { client } = to.tab;
    const message = { to: client, session: to.session, generation: 1, signal };
    return this.tab.socket.emitWithAck('signal', message as never);
  }
}

const candidate = (text: string) => ({
  kind: 'candidate',
  candidate: text,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});

async function twoInACall(address = server.address) {
  const host = await Person.named(address, 'Hana');
  const room = await host.createRoom();
  const hana = await Caller.come(host.tab(), room);
  const links = await host.links(room);
  const gus = await Caller.come((await Person.named(address, 'Gus')).tab(), room, links.viewer);
  expect(await hana.join()).toMatchObject({ ok: true });
  expect(await gus.join()).toMatchObject({ ok: true });
  await hana.until(() => hana.state.members.length === 2);
  return { room, links, hana, gus };
}

test('a viewer comes in as anyone does, and each is given credentials of their own for the relay', async () => {
  const { hana, gus } = await twoInACall();
  const [one, other] = [await hana.ask({ ask: 'renew' }), await gus.ask({ ask: 'renew' })];
  const turnOf = (reply: CallReply) => (reply.ok ? reply.ice!.servers[1]! : null);
  expect(turnOf(one)).toMatchObject({ urls: ['turn:127.0.0.1:3478'] });
  expect(turnOf(one)!.username).toMatch(/^\d{10}:[\w-]{16}$/);
  expect(turnOf(one)!.username!.split(':')[1]).not.toBe(turnOf(other)!.username!.split(':')[1]);
  expect(JSON.stringify([one, other])).not.toContain(SECRET);
});

test('nobody is given credentials who is not in the call, or not in the room', async () => {
  const { room, links } = await twoInACall();
  const someone = await Person.named(server.address, 'Someone');
  const outside = await Caller.come(someone.tab(), room, links.viewer);
  expect(await outside.ask({ ask: 'renew' })).toMatchObject({ ok: false, error: { code: 'call.notIn' } });
  const stranger = (await Person.named(server.address, 'Stranger')).tab();
  const reply = await stranger.socket.emitWithAck('call', {
    ask: 'join',
    session: callSessionId(randomId()),
    media: { microphone: false, camera: false, screen: false },
  });
  expect(reply).toMatchObject({ ok: false, error: { code: 'protocol.unjoined' } });
});

test('signals reach the one they are for, as they were said, and nobody outside of the call', async () => {
  const { room, links, hana, gus } = await twoInACall();
  const outside = await Caller.come((await Person.named(server.address, 'Ear')).tab(), room, links.editor);
  expect(await outside.signal(hana, { kind: 'restart' })).toMatchObject({ error: { code: 'call.notIn' } });
  expect(await gus.signal(outside, { kind: 'restart' })).toMatchObject({ error: { code: 'call.gone' } });
  const offer = { kind: 'description', type: 'offer', sdp: 'v=0\r\n' };
  expect(await gus.signal(hana, offer)).toEqual({ ok: true });
  expect(await gus.signal(hana, candidate('candidate:1'))).toEqual({ ok: true });
  await hana.until(() => hana.signals.length === 2);
  const { session } = gus;
  const from = { from: gus.tab.client, session, generation: 1 };
  expect(hana.signals).toEqual([
    { ...from, signal: offer },
    { ...from, signal: candidate('candidate:1') },
  ]);
  expect([gus.signals, outside.signals]).toEqual([[], []]);
});

test.each([
  [
    'a description that is too long',
    { kind: 'description', type: 'offer', sdp: 'x'.repeat(LIMITS.descriptionUnits + 1) },
  ],
  ['a candidate that is too long', candidate('x'.repeat(LIMITS.candidateUnits + 1))],
  ['a rollback', { kind: 'description', type: 'rollback', sdp: '' }],
  ['more than the schema knows', { kind: 'restart', from: 'somebody-else-12345' }],
])('%s is refused at the edge', async (_, signal) => {
  const { hana, gus } = await twoInACall();
  expect(await gus.signal(hana, signal)).toMatchObject({ ok: false, error: { code: 'protocol.malformed' } });
  expect(hana.signals).toEqual([]);
});

test('signals beyond their rate are refused, and the rest of the client’s work goes on', async () => {
  const { hana, gus } = await twoInACall();
  const count = LIMITS.signalsBurst + 300;
  const replies = await Promise.all(
    Array.from({ length: count }, (_, i) => gus.signal(hana, candidate(`candidate:${i}`))),
  );
  const refused = replies.filter((reply) => !reply.ok);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ error: { code: 'rate.exceeded' } });
  await hana.until(() => hana.signals.length === count - refused.length);
  expect(await gus.ask({ ask: 'set', media: { microphone: false } })).toMatchObject({ ok: true });
});

test('only a host mutes another one', async () => {
  const { hana, gus } = await twoInACall();
  expect(await gus.ask({ ask: 'mute', client: hana.tab.client })).toMatchObject({
    error: { code: 'role.host' },
  });
  expect(await hana.ask({ ask: 'mute', client: gus.tab.client })).toMatchObject({ ok: true });
  await gus.until(() => gus.state.members[1]?.microphone === false);
  expect(gus.state.members[1]).toMatchObject({ mutedBy: hana.tab.person.participant.id });
});

test('a place in the call outlives a cut of the socket', async () => {
  const { hana, gus } = await twoInACall();
  const before = hana.state;
  gus.tab.connect(server.address);
  gus.listen();
  const { call } = await gus.tab.rejoin();
  expect(call).toEqual(before);
  expect(await hana.signal(gus, { kind: 'restart' })).toEqual({ ok: true });
  await gus.until(() => gus.signals.length === 1);
  expect(await gus.ask({ ask: 'leave' })).toMatchObject({ ok: true });
  await hana.until(() => hana.state.members.length === 1);
});

test('nothing that is said between pages, and no secret, is in what the server writes down', async () => {
  const data = dataFolder();
  const child = ownProcess({
    CODESYNC_DATA: data.path,
    CODESYNC_TURN_URL: 'turn:127.0.0.1:3478',
    CODESYNC_TURN_SECRET: SECRET,
    LOG_LEVEL: 'trace',
  });
  try {
    const { hana, gus } = await twoInACall(await child.address);
    const seqs = [hana.tab.fold.seq, gus.tab.fold.seq];
    await gus.signal(hana, { kind: 'description', type: 'offer', sdp: 'words-of-a-description' });
    await gus.signal(hana, candidate('words-of-a-candidate'));
    await gus.signal(hana, { kind: 'description', type: 'nonsense', sdp: 'words-of-a-mistake' });
    await hana.until(() => hana.signals.length === 2);
    expect([hana.tab.fold.seq, gus.tab.fold.seq]).toEqual(seqs);
    gus.tab.disconnect();
    hana.tab.disconnect();
    child.child.kill('SIGTERM');
    await child.exit;
    expect(child.output()).toContain('a client joined');
    expect(child.output()).not.toMatch(/words-of|a-secret-that/);
  } finally {
    child.child.kill('SIGKILL');
    data.remove();
  }
});

// What no page of ours sends: each gets a coded refusal or an end, and nobody else notices.
import { LIMITS, PROTOCOL_VERSION } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import { io, type Socket } from 'socket.io-client';
import { beforeEach, describe, expect, test } from 'vitest';
import { Person, randomId, type Tab } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
let hana: Tab;
let gus: Tab;
let room: string;

beforeEach(async () => {
  hana = (await Person.named(server.address, 'Hana')).tab();
  room = await hana.person.createRoom();
  const links = await hana.person.links(room);
  await hana.join(room);
  gus = (await Person.named(server.address, 'Gus')).tab();
  await gus.join(room, links.editor);
});

/** The others can go on as if nothing had happened. */
async function unharmed(): Promise<void> {
  hana.type('still here ');
  await hana.saved();
}

/** Sends anything at all over a tab's socket, past the parser: that would make a frame of an edit. */
function send(tab: Tab, event: string, ...args: unknown[]): void {
  tab.socket.io.engine.write(`2${JSON.stringify([event, ...args])}`);
}

/** A socket with headers of its own; resolves to null when it is open, to the error when it is refused. */
function handshake(headers: Record<string, string>): Promise<Error | null> {
  return new Promise((resolve) => {
    const socket = io(server.address, {
      transports: ['websocket'],
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    });
    socket.on('connect', () => {
      socket.disconnect();
      resolve(null);
    });
    socket.on('connect_error', resolve);
  });
}

describe('commands that cannot be read', () => {
  const file = 'file-of-nobody';
  const edit = { kind: 'edit', file, base: 0, op: ['x'] };
  const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
  test.each([
    ['nothing', undefined],
    ['a number', 7],
    ['an array', [1, 2]],
    ['no body', { clientSeq: 1 }],
    ['no number', { body: edit }],
    ['a negative number', { clientSeq: -1, body: edit }],
    ['a broken number', { clientSeq: 1.5, body: edit }],
    ['an unknown kind', { clientSeq: 1, body: { kind: 'format.disk' } }],
    ['a field too many', { clientSeq: 1, body: { ...edit, extra: true } }],
    ['an operation that is no array', { clientSeq: 1, body: { ...edit, op: 'x' } }],
    ['an operation that is not canonical', { clientSeq: 1, body: { ...edit, op: ['a', 'b'] } }],
    ['a path that climbs', { clientSeq: 1, body: { kind: 'file.create', file, path: '../x', text: '' } }],
    ['something deep', { clientSeq: 1, body: deep(2_000) }],
    ['a prototype', JSON.parse('{"clientSeq":1,"body":{"__proto__":{"kind":"edit"}}}')],
  ])('%s', async (_, message) => {
    const refused = await gus.refused(() => send(gus, 'command', message));
    expect(refused.code).toBe('protocol.malformed');
    await unharmed();
  });

  test('the refusal names the command, if its number could be read', async () => {
    await gus.refused(() => send(gus, 'command', { clientSeq: 41, body: { kind: 'format.disk' } }));
    expect(gus.refusals.at(-1)!.clientSeq).toBe(41);
  });
});

/** Asks over a tab's socket, past the parser; resolves with the packet that answers. */
function answer({ socket }: Tab, message: string): Promise<string> {
  const { engine } = socket.io;
  return new Promise((resolve) => {
    const look = (packet: unknown) => {
      if (typeof packet !== 'string' || !packet.startsWith('3999[')) return;
      engine.off('data', look);
      resolve(packet);
    };
    engine.on('data', look);
    engine.write(`2999${message}`);
  });
}

describe('a length that cannot be compared', () => {
  // JSON for an object without a primitive value, and for one nested too deeply for it.
  const lengths = ['{"toString":1,"valueOf":1}', `${'['.repeat(20_000)}${']'.repeat(20_000)}`];
  const cases = lengths.map((length) => [length.slice(0, 4), `{"length":${length}}`]);

  test.each(cases)('over a socket: %s', async (_, value) => {
    const file = `{"kind":"file.create","file":"file-of-gus","path":${value},"text":${value}}`;
    for (const message of [
      `["command",{"clientSeq":1,"body":${file}}]`,
      `["command",{"clientSeq":${value},"body":${value}}]`,
      `["presence",{"clock":1,"cursors":${value},"activity":${value}}]`,
    ]) {
      const refused = await gus.refused(() => gus.socket.io.engine.write(`2${message}`));
      expect(refused.code).toBe('protocol.malformed');
    }
    const request = { protocol: PROTOCOL_VERSION, room, client: randomId(), since: null, pending: [] };
    for (const key of ['room', 'client', 'secret', 'pending']) {
      const asked = JSON.stringify({ ...request, secret: null, [key]: '?' }).replace('"?"', value);
      expect(await answer(gus, `["join",${asked}]`)).toContain('"protocol.malformed"');
    }
    await unharmed();
  });

  test.each(cases)('over HTTP: %s', async (_, value) => {
    for (const [method, path, body] of [
      ['PUT', '/api/me', `{"name":${value}}`],
      ['POST', '/api/rooms', `{"language":"python","name":${value}}`],
      ['POST', `/api/rooms/${room}/invitation`, `{"secret":${value}}`],
    ] as const) {
      const headers = { 'content-type': 'application/json', origin: server.address };
      const response = await fetch(`${server.address}${path}`, { method, headers, body });
      expect(Math.floor(response.status / 100), `${path}: ${await response.text()}`).toBe(4);
    }
    await unharmed();
  });
});

describe('half of a character', () => {
  const file = 'file-of-nobody';
  test.each([
    ['an edit', { kind: 'edit', file, base: 0, op: ['x\ud83d'] }],
    ['a new file', { kind: 'file.create', file, path: 'a.py', text: 'x\ud83d' }],
    ['the name of a file', { kind: 'file.create', file, path: 'a\ud83d.py', text: '' }],
    ['the name of the room', { kind: 'room.rename', name: 'x\ud83d' }],
    ['the name of a person', { kind: 'member.update', name: 'x\ud83d', hue: 1 }],
    ['the input of a run', { kind: 'run.input', run: 'run-of-nobody', text: 'x\ud83d', eof: false }],
  ])('in %s is named', async (_, body) => {
    const refused = await gus.refused(() => send(gus, 'command', { clientSeq: 1, body }));
    expect(refused).toMatchObject({ code: 'text.half', message: expect.stringContaining('U+D83D') });
  });

  test('over HTTP too', async () => {
    for (const [method, path, body] of [
      ['PUT', '/api/me', { name: 'x\ud83d' }],
      ['POST', '/api/rooms', { language: 'python', name: 'x\ud83d' }],
    ] as const) {
      const response = await fetch(`${server.address}${path}`, {
        method,
        headers: { 'content-type': 'application/json', origin: server.address },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'text.half' } });
    }
  });
});

describe('other messages that cannot be read', () => {
  test.each([
    ['an unknown event', ['shell', 'rm -rf /']],
    ['presence', ['presence', { clock: 'x' }]],
    ['presence of no one', ['presence']],
    ['a check without anyone to answer', ['check', { file: 'file-one', version: 0, hash: 0 }]],
    ['a join without anyone to answer', ['join', {}]],
  ])('%s', async (_, [event, ...args]) => {
    const refused = await gus.refused(() => send(gus, event as string, ...args));
    expect(refused.code).toBe('protocol.malformed');
    await unharmed();
  });

  test.each([
    ['nothing', null, 'protocol.malformed'],
    ['another version', { protocol: PROTOCOL_VERSION + 1, anything: 'else' }, 'protocol.outdated'],
    ['an older version', { protocol: 0 }, 'protocol.outdated'],
    ['a guessed room', { protocol: PROTOCOL_VERSION, room: '1' }, 'protocol.malformed'],
  ])('a join of %s', async (_, request, code) => {
    const reply = await (gus.socket as unknown as Socket).emitWithAck('join', request);
    expect(reply).toMatchObject({ ok: false, error: { code } });
  });
});

test('commands before a join are refused', async () => {
  const stranger = (await Person.named(server.address, 'Sid')).tab();
  const refused = await stranger.refused(() => stranger.command({ kind: 'role.request' }));
  expect(refused.code).toBe('protocol.unjoined');
});

test('without a cookie there is no way in', async () => {
  const nobody = io(server.address, { transports: ['websocket'], reconnection: false, forceNew: true });
  const reply = await nobody.emitWithAck('join', {
    protocol: PROTOCOL_VERSION,
    room,
    client: randomId(),
    secret: null,
    since: null,
    pending: [],
  });
  expect(reply).toMatchObject({ ok: false, error: { code: 'identity.required' } });
  nobody.disconnect();
});

test('a cookie that we did not sign is nobody’s', async () => {
  const [name, token] = hana.person.cookie.split('=') as [string, string];
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const forged = Buffer.from(payload, 'base64url').toString().replace('Hana', 'Gina');
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  for (const bad of [
    `${header}.${Buffer.from(forged).toString('base64url')}.${signature}`,
    `${unsigned}.${payload}.`,
    'x',
  ]) {
    const response = await fetch(`${server.address}/api/me`, { headers: { Cookie: `${name}=${bad}` } });
    expect(await response.json()).toEqual({ participant: null });
  }
});

test('a page of another site cannot open a socket', async () => {
  const { cookie } = hana.person;
  expect(await handshake({ Cookie: cookie, Origin: 'https://evil.example' })).toBeInstanceOf(Error);
  expect(await handshake({ Cookie: cookie, Origin: 'null' })).toBeInstanceOf(Error);
  expect(await handshake({ Cookie: cookie, Origin: server.address })).toBeNull();
});

test('a message that is too large ends that connection alone', async () => {
  const text = 'x'.repeat(LIMITS.messageBytes + 1);
  gus.command({ kind: 'edit', file: gus.file(), base: 0, op: [text] });
  await gus.until(() => !gus.socket.connected);
  await unharmed();
});

test('files cannot grow beyond their limit', async () => {
  const { length } = hana.text();
  const chunk = 'x'.repeat(LIMITS.fileUnits - length);
  expect(await hana.ask({ kind: 'edit', file: hana.file(), base: 0, op: [chunk] })).toBe('done');
  expect(await hana.ask({ kind: 'edit', file: hana.file(), base: 1, op: ['x'] })).toMatchObject({
    code: 'file.tooLarge',
  });
  expect(await hana.ask({ kind: 'edit', file: hana.file(), base: 1, op: [-1, 'y'] })).toBe('done');
});

test('too many commands are refused, with their numbers; later ones pass again', async () => {
  const count = LIMITS.commandsBurst + 200;
  const first = gus.nextSeq;
  for (let i = 0; i < count; i++) gus.command({ kind: 'edit', file: gus.file(), base: 0, op: ['x'] });
  await gus.until(() => gus.acknowledged.size + gus.refusals.length === count);
  expect(gus.refusals.length).toBeGreaterThan(100);
  for (const { clientSeq, error } of gus.refusals) {
    expect(error.code).toBe('rate.exceeded');
    expect(clientSeq).toBeGreaterThanOrEqual(first);
  }
  await unharmed();
  const again = gus.refusals[0]!.clientSeq!;
  for (;;) {
    const before = gus.refusals.length;
    const { version: base } = gus.fold.texts.get(gus.file())!;
    gus.command({ kind: 'edit', file: gus.file(), base, op: ['x'] }, again);
    await gus.until(() => gus.acknowledged.has(again) || gus.refusals.length > before);
    if (gus.acknowledged.has(again)) break;
  }
});

test('so is too much text at once', async () => {
  const text = 'x'.repeat(LIMITS.fileUnits);
  const count = 25;
  for (let i = 0; i < count; i++)
    gus.command({ kind: 'file.create', file: fileId(`file-big-${i}`), path: `${i}.py`, text });
  await gus.until(() => gus.acknowledged.size + gus.refusals.length === count);
  expect(gus.refusals.map(({ error }) => error.code)).toContain('rate.exceeded');
  await unharmed();
});

test('a flood ends the connection', async () => {
  for (let i = 0; i < 5_000; i++) send(gus, 'command', { clientSeq: i + 1, body: { kind: 'role.request' } });
  await gus.until(() => !gus.socket.connected);
  await unharmed();
});

test('a client id that is in use by someone else is not taken over', async () => {
  const other = gus.person.tab(hana.client);
  hana.type('mine ');
  await hana.saved();
  expect(await other.tryJoin(room)).toMatchObject({ ok: false, error: { code: 'protocol.malformed' } });
  await unharmed();
});

test('another room’s files are out of reach', async () => {
  const other = (await Person.named(server.address, 'Olga')).tab();
  await other.join(await other.person.createRoom());
  const refused = await other.ask({ kind: 'edit', file: hana.file(), base: 0, op: ['x'] });
  expect(refused).toMatchObject({ code: 'file.unknown' });
});

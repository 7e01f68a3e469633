// What one connection may cost: whatever goes beyond it ends, and nobody else notices.
import { connect } from 'node:net';
import { LIMITS, PROTOCOL_VERSION, REFUSALS, refusal } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { HostileClient } from '../fuzz/hostile-client.ts';
import { Judge } from '../fuzz/judge.ts';
import { frame, OPCODES } from '../fuzz/raw-socket.ts';
import { Person, randomId, type Tab } from '../support/client.ts';
import { scrape } from '../support/metrics.ts';
import { dataFolder, inProcess, useServer } from '../support/server.ts';

const TOKEN = 'a-token-for-the-tests';
const server = useServer({ metricsToken: TOKEN });
let hana: Tab;
let room: string;

beforeEach(async () => {
  hana = (await Person.named(server.address, 'Hana')).tab();
  room = await hana.person.createRoom();
  await hana.join(room);
});

async function enter(person = hana.person): Promise<HostileClient> {
  const client = new HostileClient(server.address, 'someone', person.headers, new Judge());
  expect(await client.enter()).toBe(true);
  return client;
}

async function member(): Promise<HostileClient> {
  const client = await enter();
  expect(await client.join(room, randomId(), null)).toBe(true);
  return client;
}

async function unharmed(): Promise<void> {
  hana.type('still here ');
  await hana.saved();
}

/** How many clients were let in so far, and how many are connected. */
async function connected(): Promise<{ readonly joined: number; readonly sockets: number }> {
  const now = await scrape(server.address, TOKEN);
  return {
    joined: now.value('codesync_joins_total', { kind: 'new' }),
    sockets: now.value('codesync_sockets'),
  };
}

/** Files of the largest size, so that the room's welcome is large. */
async function fill(files: number): Promise<void> {
  for (let i = 0; i < files; i++) {
    const text = 'x'.repeat(LIMITS.fileUnits - 1);
    for (;;) {
      const outcome = await hana.ask({
        kind: 'file.create',
        file: fileId(`file-big-${i}`),
        path: `${i}.txt`,
        text,
      });
      if (outcome === 'done') break;
      expect(outcome.code).toBe('rate.exceeded');
    }
  }
}

test('bytes that are no frame of a page are refused, and the connection stays', async () => {
  const judge = new Judge();
  const client = new HostileClient(server.address, 'someone', hana.person.headers, judge);
  expect(await client.enter()).toBe(true);
  expect(await client.join(room, randomId(), null)).toBe(true);
  for (const bytes of [[], [0], [0x11], [0xff, 1, 2], [0x01, 5]])
    client.raw.frame(OPCODES.binary, Buffer.from(bytes));
  expect(await client.settled()).toBe(true);
  expect([...judge.refusals]).toEqual([['protocol.malformed', 5]]);
  client.end();
  await unharmed();
});

describe('packets that no page sends end the connection', () => {
  test.each([
    ['another namespace', '40/admin,'],
    ['the namespace again', '40'],
    ['an acknowledgement of nothing', '430[1]'],
    ['an error', '44{"message":"x"}'],
    ['an event of another namespace', '42/admin,["join",{}]'],
    ['attachments that never come', '451-["command",{"_placeholder":true,"num":0}]'],
    ['something that is no JSON', '42["command",'],
    ['a packet of no kind', '49'],
  ])('%s', async (_, packet) => {
    const client = await member();
    client.raw.text(packet);
    await client.raw.closed;
    await unharmed();
  });

  test('bytes before the namespace', async () => {
    const client = new HostileClient(server.address, 'someone', hana.person.headers, new Judge());
    expect(await client.raw.status).toBe(101);
    client.raw.frame(OPCODES.binary, Buffer.from('edit'));
    await client.raw.closed;
    await unharmed();
  });

  test('something to remember with the namespace', async () => {
    const client = new HostileClient(server.address, 'someone', hana.person.headers, new Judge());
    expect(await client.raw.status).toBe(101);
    client.raw.text(`40{"token":"${'x'.repeat(1_000)}"}`);
    await client.raw.closed;
  });

  test('the namespace a thousand times before the server has looked at the first', async () => {
    const client = new HostileClient(server.address, 'someone', hana.person.headers, new Judge());
    expect(await client.raw.status).toBe(101);
    client.raw.write(
      Buffer.concat(Array.from({ length: 1_000 }, () => frame(OPCODES.text, Buffer.from('40')))),
    );
    await client.raw.closed;
  });
});

test('a large message is for those who are in a room', async () => {
  const stranger = await enter();
  stranger.raw.write(frame(OPCODES.text, Buffer.from('42["command",'), { claim: LIMITS.joinBytes + 1 }));
  await stranger.raw.closed;
  const guest = await member();
  const text = 'x'.repeat(10 * LIMITS.joinBytes);
  guest.command(JSON.stringify({ kind: 'file.create', file: 'file-large', path: 'large.txt', text }));
  await hana.until(() => hana.fold.state.files.has(fileId('file-large')));
  guest.end();
});

describe('messages of any kind have a rate', () => {
  test.each([
    ['checks that cannot be read', '42["check",{}]'],
    ['joins that cannot be read', '420["join",{}]'],
    ['heartbeats', '3'],
  ])('%s', async (_, packet) => {
    const client = await member();
    const message = frame(OPCODES.text, Buffer.from(packet));
    client.raw.write(Buffer.concat(Array.from({ length: LIMITS.messagesBurst + 2_000 }, () => message)));
    await client.raw.closed;
    await unharmed();
  });

  test('pings of a client that does not read the answers', async () => {
    const client = await member();
    client.raw.deafen();
    const ping = frame(OPCODES.ping, Buffer.alloc(125));
    client.raw.write(Buffer.concat(Array.from({ length: LIMITS.messagesBurst + 2_000 }, () => ping)));
    await client.raw.flushed();
    client.raw.listen();
    await client.raw.closed;
    await unharmed();
  });
});

test('a client that joins again and again and reads nothing is disconnected', async () => {
  await fill(3);
  const client = await member();
  client.raw.deafen();
  const protocol = PROTOCOL_VERSION;
  const request = { protocol, room, client: randomId(), secret: null, since: null, pending: [] };
  const { joined, sockets } = await connected();
  for (let answered = 0; answered < 12; ) {
    void client.ask('join', JSON.stringify(request));
    // Another join before this one is answered would only take its place.
    let now = await connected();
    while (now.joined === joined + answered && now.sockets === sockets) now = await connected();
    if (now.sockets < sockets) break;
    answered = now.joined - joined;
    await unharmed();
  }
  client.raw.listen();
  await client.raw.closed;
  await unharmed();
});

test('a client that does not read what happens in its room is disconnected, and comes back for it', async () => {
  const client = await member();
  client.raw.deafen();
  let heard = 0;
  for (let i = 0; heard < 3 * LIMITS.unsentBytes; i++) {
    const file = `file-big-${i}`;
    const text = 'x'.repeat(LIMITS.fileUnits - 1);
    if ((await hana.ask({ kind: 'file.create', file: fileId(file), path: `${i}.txt`, text })) !== 'done')
      continue;
    heard += text.length;
    await hana.ask({ kind: 'file.delete', file: fileId(file) });
  }
  await unharmed();
  client.raw.listen();
  await client.raw.closed;
  const again = hana.person.tab();
  await again.join(room);
  expect(again.text()).toBe(hana.text());
});

test('a long answer to a short question takes of the rate what it is long', async () => {
  await fill(1);
  const client = await member();
  const check = JSON.stringify({ file: 'file-big-0', version: 0, hash: 1 });
  const verdicts = await Promise.all(Array.from({ length: 40 }, () => client.ask('check', check)));
  const given = verdicts.filter((verdict) => (verdict as { verdict: string }).verdict === 'diverged');
  expect(given.length).toBeGreaterThan(0);
  expect(given.length).toBeLessThan(20);
  client.end();
});

test('a request that never ends is ended', async () => {
  const { hostname, port } = new URL(server.address);
  const slow = [
    'GET / HTTP/1.1\r\nHost: x\r\nX-Slow',
    'PUT /api/me HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{',
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n',
    '',
  ];
  await Promise.all(
    slow.map(
      (text) =>
        new Promise<void>((resolve) => {
          const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text));
          socket.on('error', () => undefined);
          socket.on('close', () => resolve());
          socket.resume();
        }),
    ),
  );
  await unharmed();
});

test('how many clients one address may have is the host’s to say', async () => {
  const own = dataFolder();
  const small = await inProcess(own.path, { clientsPerAddress: 2 });
  const person = await Person.named(small.address, 'Hana');
  const tabs = [person.tab(), person.tab()];
  const within = await person.createRoom();
  for (const tab of tabs) await tab.join(within);
  const third = person.tab();
  const said = await new Promise<Error>((resolve) => third.socket.once('connect_error', resolve));
  expect(said).toMatchObject({ message: REFUSALS['rate.address'], data: refusal('rate.address') });
  const elsewhere = (await Person.named(small.address, 'Gus')).tab();
  await new Promise<void>((resolve) => elsewhere.socket.once('connect', () => resolve()));
  for (const tab of [...tabs, third, elsewhere]) tab.disconnect();
  await small.stop();
  own.remove();
});

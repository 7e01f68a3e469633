// Clients that poll: they get all that others get, and no request of theirs is trusted more than a WebSocket is.
import { connect } from 'node:net';
import { hashText } from '@codesync/ot';
import { JUST_HERE, LIMITS, POLLING_HEADER } from '@codesync/protocol';
import { clientId, fileId } from '@codesync/protocol/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { Person, randomId, type Tab } from '../support/client.ts';
import { dataFolder, inProcess, useServer } from '../support/server.ts';

const server = useServer();
let hana: Tab;
let room: string;

beforeEach(async () => {
  hana = (await Person.named(server.address, 'Hana')).tab();
  room = await hana.person.createRoom();
  await hana.join(room);
});

/** Somebody else in Hana's room, by polling. */
async function guest(): Promise<Tab> {
  const tab = (await Person.named(server.address, 'Gus')).tab(clientId(randomId()), 'polling');
  await tab.join(room, (await hana.person.links(room)).editor);
  return tab;
}

type Asked = { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string };

function ask(query: string, { headers = {}, ...rest }: Asked = {}): Promise<Response> {
  const url = `${server.address}/socket.io/?EIO=4&transport=polling${query}`;
  return fetch(url, { ...rest, headers: { [POLLING_HEADER]: 'test', ...headers } });
}

/** The id of a new connection of that person's, with nothing sent yet. */
async function handshake({ headers }: Person): Promise<string> {
  const reply = await ask('', { headers: { ...headers } });
  expect(reply.status).toBe(200);
  return (JSON.parse((await reply.text()).slice(1)) as { sid: string }).sid;
}

test('a client that polls and one with a WebSocket see all of each other’s text', async () => {
  const gus = await guest();
  for (let i = 0; i < 20; i++) {
    hana.type('hana ');
    gus.type('gus ');
  }
  await Promise.all([hana.saved(), gus.saved()]);
  await gus.until(() => gus.fold.seq >= hana.fold.seq);
  await hana.until(() => hana.fold.seq >= gus.fold.seq);
  expect(gus.text()).toBe(hana.text());
  expect(gus.repeats + hana.repeats).toBe(0);
});

test.each(['websocket', 'polling'] as const)(
  'by %s the texts of a large room come after the welcome, and what is typed meanwhile after them',
  async (way) => {
    const files = Array.from({ length: 4 }, (_, n) => fileId(`file-large-${n}`));
    for (const [n, file] of files.entries()) {
      const text = `${n}`.repeat(LIMITS.fileUnits);
      expect(await hana.ask({ kind: 'file.create', file, path: `${n}.txt`, text })).toBe('done');
    }
    const gus = (await Person.named(server.address, 'Gus')).tab(clientId(randomId()), way);
    let messages = 0;
    gus.socket.on('texts', () => messages++);
    const typing = setInterval(() => hana.type('x'), 5);
    await gus.join(room, (await hana.person.links(room)).editor);
    clearInterval(typing);
    expect(messages).toBe(files.length);
    for (const [n, file] of files.entries())
      expect(gus.fold.texts.get(file)!.buffer.hash()).toBe(hashText(`${n}`.repeat(LIMITS.fileUnits)));
    gus.type('gus ');
    await Promise.all([hana.saved(), gus.saved()]);
    await gus.until(() => gus.fold.seq >= hana.fold.seq);
    await hana.until(() => hana.fold.seq >= gus.fold.seq);
    expect(gus.text()).toBe(hana.text());
    expect(gus.repeats).toBe(0);
  },
);

test('of cursors that move between two requests the last place arrives', async () => {
  const gus = await guest();
  const file = [...hana.fold.state.files.keys()][0]!;
  for (let clock = 1; clock <= 30; clock++) {
    const cursors = { file, version: 0, spans: [{ anchor: 0, head: clock }] };
    hana.socket.emit('presence', { clock, cursors, viewport: null, activity: JUST_HERE });
    await new Promise((resolve) => setTimeout(resolve, 27));
  }
  await gus.until(() => gus.presence.get(hana.client)?.cursors?.spans[0]?.head === 30);
});

test('a client that moves to a WebSocket while it types loses and doubles nothing', async () => {
  const gus = await guest();
  for (let i = 0; i < 30; i++) gus.type(`${i} `);
  const polling = gus.socket;
  gus.move(server.address, 'websocket');
  for (let i = 30; i < 60; i++) gus.type(`${i} `);
  await gus.rejoin();
  await gus.saved();
  polling.disconnect();
  gus.type('end');
  await gus.saved();
  await hana.until(() => hana.text() === gus.text());
  const numbers = hana
    .text()
    .split(/\s+/)
    .filter((word) => /^\d+$/.test(word));
  expect(new Set(numbers).size).toBe(60);
  expect(numbers).toHaveLength(60);
});

describe('a request is turned down', () => {
  let gus: Person;
  let sid: string;

  beforeEach(async () => {
    gus = await Person.named(server.address, 'Gus');
    sid = await handshake(gus);
  });

  /** Gus's connection is as it was. */
  async function unharmed(): Promise<void> {
    const reply = await ask(`&sid=${sid}`, { method: 'POST', headers: gus.headers, body: '40' });
    expect(reply.status).toBe(200);
    expect(await (await ask(`&sid=${sid}`, { headers: gus.headers })).text()).toMatch(/^40\{/);
  }

  test('that another site can make without asking', async () => {
    const plain = await fetch(`${server.address}/socket.io/?EIO=4&transport=polling`, {
      headers: gus.headers,
    });
    expect(plain.status).toBe(400);
    expect((await ask('&j=0', { headers: gus.headers })).status).toBe(400);
    await unharmed();
  });

  test.each(['https://evil.example', 'null'])('of a page of %s', async (origin) => {
    const headers = { ...gus.headers, Origin: origin };
    expect((await ask('', { headers })).status).toBe(400);
    expect((await ask(`&sid=${sid}`, { headers })).status).toBe(400);
    expect((await ask(`&sid=${sid}`, { method: 'POST', headers, body: '40' })).status).toBe(400);
    await unharmed();
  });

  test('of somebody else who has come by the connection’s id', async () => {
    const eve = await Person.named(server.address, 'Eve');
    for (const headers of [eve.headers, {}]) {
      expect((await ask(`&sid=${sid}`, { headers })).status).toBe(400);
      expect((await ask(`&sid=${sid}`, { method: 'POST', headers, body: '40' })).status).toBe(400);
    }
    await unharmed();
  });

  test('for a WebSocket in the place of a connection that polls', async () => {
    const { hostname, port, host } = new URL(server.address);
    const net = connect({ host: hostname, port: Number(port) });
    const lines = [
      `GET /socket.io/?EIO=4&transport=websocket&sid=${sid} HTTP/1.1`,
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: c29tZXRoaW5nIHJhbmRvbQ==',
      `Cookie: ${gus.cookie}`,
    ];
    net.write(`${lines.join('\r\n')}\r\n\r\n`);
    const answer = await new Promise<string>((resolve) =>
      net.once('data', (chunk) => resolve(String(chunk))),
    );
    net.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await unharmed();
  });

  test('and answers are for pages alone', async () => {
    const { headers } = await ask('', { headers: gus.headers });
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  test('somebody who has taken another name goes on', async () => {
    const renamed = await fetch(`${server.address}/api/me`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', ...gus.headers },
      body: JSON.stringify({ name: 'Gustav' }),
    });
    const Cookie = renamed.headers.getSetCookie()[0]!.split(';')[0]!;
    const reply = await ask(`&sid=${sid}`, {
      method: 'POST',
      headers: { ...gus.headers, Cookie },
      body: '40',
    });
    expect(reply.status).toBe(200);
  });
});

describe('a connection that polls ends', () => {
  /** Whether the server knows it no more. */
  async function isGone(person: Person, sid: string): Promise<boolean> {
    const reply = await ask(`&sid=${sid}`, { method: 'POST', headers: person.headers, body: '3' });
    return reply.status === 400;
  }

  test.each<[string, string]>([
    ['more than a newcomer may send', `42["command","${'x'.repeat(LIMITS.joinBytes)}"]`],
    ['a packet of no page', '451-["command",{"_placeholder":true,"num":0}]'],
    ['nothing', ''],
    [
      'too many messages',
      Array(LIMITS.messagesBurst + 1_000)
        .fill('3')
        .join('\x1e'),
    ],
  ])('that sends %s', async (_, body) => {
    const person = await Person.named(server.address, 'Gus');
    const sid = await handshake(person);
    await ask(`&sid=${sid}`, { method: 'POST', headers: person.headers, body }).catch(() => undefined);
    expect(await isGone(person, sid)).toBe(true);
    hana.type('still here ');
    await hana.saved();
  });
});

test('those who poll count for their address as those with a WebSocket do', async () => {
  const folder = dataFolder();
  const small = await inProcess(folder.path, { clientsPerAddress: 3 });
  try {
    const person = await Person.named(small.address, 'Gus');
    const open = () =>
      fetch(`${small.address}/socket.io/?EIO=4&transport=polling`, {
        headers: { ...person.headers, [POLLING_HEADER]: 'test' },
      });
    const answers: number[] = [];
    for (let i = 0; i < 9; i++) answers.push((await open()).status);
    expect(answers).toEqual([200, 200, 200, 200, 200, 200, 200, 403, 403]);
    const other = await Person.named(small.address, 'Ada');
    expect(
      (await other.tab(clientId(randomId()), 'polling').tryJoin('room-that-is-not-there', null)).ok,
    ).toBe(false);
  } finally {
    await small.stop();
    folder.remove();
  }
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { LIMITS, PROTOCOL_VERSION } from '@codesync/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServer } from '../../src/server.ts';
import { Person } from '../support/client.ts';
import { dataFolder, inProcess } from '../support/server.ts';

const data = dataFolder();
const page = mkdtempSync(join(tmpdir(), 'codesync-page-'));
let server: RunningServer;

beforeAll(async () => {
  mkdirSync(join(page, 'assets'));
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>CodeSync</title>');
  writeFileSync(join(page, 'assets/main-abc123.js'), 'export {};');
  writeFileSync(join(page, 'assets/main-abc123.js.br'), brotliCompressSync('export {};'));
  server = await inProcess(data.path, { origins: ['https://code.example.org'] }, { page });
});

afterAll(async () => {
  await server.stop();
  data.remove();
  rmSync(page, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.address}${path}`, { headers });

function put(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${server.address}/api/me`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: text,
  });
}

test('says what it is', async () => {
  expect(await (await get('/api/status')).json()).toMatchObject({
    protocol: PROTOCOL_VERSION,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    sandbox: { state: 'off' },
  });
  expect(await (await get('/healthz')).json()).toEqual({ ok: true, storage: 'ok' });
});

test('a frame of another page gets a sentence that anyone may show, and never the page', async () => {
  for (const path of ['/', '/r/AAAAAAAAAAAAAAAAAAAAAA', '/nowhere']) {
    for (const frame of ['iframe', 'frame', 'embed', 'object']) {
      const { status, headers } = await get(path, { 'Sec-Fetch-Dest': frame, Accept: 'text/html' });
      expect(status).toBe(403);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.* frame-ancestors \*$/);
      expect(headers.get('x-frame-options')).toBeNull();
      expect(headers.get('set-cookie')).toBeNull();
    }
    const { headers } = await get(path, { 'Sec-Fetch-Dest': 'document', Accept: 'text/html' });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).not.toBeNull();
  }
  const said = await (await get('/', { 'Sec-Fetch-Dest': 'iframe' })).text();
  expect(said).toContain('does not open inside of another page');
});

test('the page is served at its addresses, anew each time; assets for ever and compressed', async () => {
  for (const path of ['/', '/r/AAAAAAAAAAAAAAAAAAAAAA']) {
    const response = await get(path);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('CodeSync');
  }
  const asset = await get('/assets/main-abc123.js', { 'Accept-Encoding': 'br' });
  expect(asset.headers.get('content-encoding')).toBe('br');
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect((await get('/assets/none.js')).status).toBe(404);
  expect((await get('/../package.json')).status).toBe(404);
});

test('an unknown address is not found; a person who opens it gets the page, which says so', async () => {
  const person = await get('/nowhere', { Accept: 'text/html,*/*;q=0.8' });
  expect(person.status).toBe(404);
  expect(await person.text()).toContain('<title>CodeSync');
  const program = await get('/nowhere');
  expect(program.status).toBe(404);
  expect(program.headers.get('content-type')).toContain('text/plain');
});

test('a page that is built anew below a running server takes nothing from it', async () => {
  rmSync(join(page, 'assets'), { recursive: true });
  const packed = await get('/assets/main-abc123.js', { 'Accept-Encoding': 'gzip, br' });
  expect(packed.headers.get('content-encoding')).toBe('br');
  expect(await packed.text()).toBe('export {};');
  const plain = await get('/assets/main-abc123.js', { 'Accept-Encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toBe('export {};');
  // As a browser asks that has it; fetch alone would ask for it anew.
  const known = {
    'If-None-Match': plain.headers.get('etag')!,
    'Accept-Encoding': 'identity',
    'Cache-Control': 'max-age=0',
  };
  expect((await get('/assets/main-abc123.js', known)).status).toBe(304);
});

test('an unknown address of the interface is a JSON answer', async () => {
  const response = await get('/api/rooms');
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toContain('application/json');
});

test('an address that cannot be decoded is refused, and is no fault of ours', async () => {
  for (const path of ['/r/%E0%A4%A', '/api/rooms/%ff/links']) {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'protocol.malformed' } });
  }
});

test('a page that was not built says what to do', async () => {
  const other = dataFolder();
  const bare = await inProcess(other.path, {}, { page: join(page, 'nothing') });
  const response = await fetch(bare.address);
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('npm start');
  await bare.stop();
  other.remove();
});

test('the policy allows our own origin and nothing that runs from text', async () => {
  const response = await get('/');
  const policy = response.headers.get('content-security-policy')!;
  const directives = new Map(policy.split(';').map((line) => [line.split(' ')[0]!, line] as const));
  expect(directives.get('default-src')).toBe("default-src 'none'");
  expect(directives.get('script-src')).toBe("script-src 'self'");
  expect(directives.get('connect-src')).toBe(
    `connect-src 'self' ${server.address.replace('http', 'ws')} ${server.address.replace('http', 'wss')}`,
  );
  expect(policy).not.toContain('unsafe-eval');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('x-powered-by')).toBeNull();
});

test('a name makes a participant, who stays the same under a new name', async () => {
  const first = await put({ name: '  Hana  ' });
  const cookie = first.headers.getSetCookie()[0]!;
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  expect(cookie).not.toMatch(/Secure/);
  const { participant } = (await first.json()) as { participant: { id: string; name: string } };
  expect(participant.name).toBe('Hana');
  const renamed = await put({ name: 'Hanako', hue: 3 }, { Cookie: cookie.split(';')[0]! });
  expect(await renamed.json()).toEqual({ participant: { id: participant.id, name: 'Hanako', hue: 3 } });
  const me = await get('/api/me', { Cookie: renamed.headers.getSetCookie()[0]!.split(';')[0]! });
  expect(await me.json()).toEqual({ participant: { id: participant.id, name: 'Hanako', hue: 3 } });
});

test.each([
  ['no name', {}],
  ['an empty name', { name: '  ' }],
  ['a name too long', { name: 'x'.repeat(LIMITS.nameUnits + 1) }],
  ['an invisible name', { name: 'a\u202eb' }],
  ['another colour than there are', { name: 'Hana', hue: 99 }],
])('%s is refused', async (_, body) => {
  const response = await put(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'identity.invalid' } });
});

test('bodies that are too large or not JSON are refused', async () => {
  for (const body of ['{', 'x'.repeat(20_000), `{"name":"${'x'.repeat(20_000)}"}`]) {
    const response = await put(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'protocol.malformed' } });
  }
});

test.each(['gzip', 'br', 'deflate', 'nonsense'])('a body packed with %s is refused', async (encoding) => {
  const response = await put('{"name":"Hana"}', { 'Content-Encoding': encoding });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'protocol.malformed' } });
});

test('a page of another site can change nothing here', async () => {
  expect((await put({ name: 'Eve' }, { Origin: 'https://evil.example' })).status).toBe(403);
  expect((await put({ name: 'Ann' }, { Origin: server.address })).status).toBe(200);
  expect((await put({ name: 'Ann' }, { Origin: 'https://code.example.org' })).status).toBe(200);
});

test('rooms need a name of their maker, and a language that there is', async () => {
  const create = (body: unknown, cookie = '') =>
    fetch(`${server.address}/api/rooms`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: cookie },
      body: JSON.stringify(body),
    });
  expect((await create({ language: 'python' })).status).toBe(401);
  const { cookie } = await Person.named(server.address, 'Hana');
  expect((await create({ language: 'cobol' }, cookie)).status).toBe(400);
  const made = await create({ language: 'rust', name: 'Interview' }, cookie);
  expect(made.status).toBe(201);
  expect(await made.json()).toEqual({ room: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) });
});

test('rooms by one address have a rate', async () => {
  const { headers } = await Person.named(server.address, 'Hana');
  const statuses: number[] = [];
  for (let i = 0; i < LIMITS.roomsPerMinute + 1; i++) {
    const response = await fetch(`${server.address}/api/rooms`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ language: 'go' }),
    });
    statuses.push(response.status);
    if (response.status === 429) {
      expect(await response.json()).toMatchObject({ error: { code: 'rate.address' } });
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  }
  expect(statuses).toContain(429);
});

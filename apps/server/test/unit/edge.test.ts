// What is decided about a request before any room is asked.
import type { IncomingMessage } from 'node:http';
import type { SandboxStatus } from '@codesync/protocol';
import { roomId } from '@codesync/protocol/testing';
import { describe, expect, test } from 'vitest';
import { withoutBase } from '../../src/base-path.ts';
import { clientAddress, isHttps } from '../../src/client-address.ts';
import { createIdentities, newParticipant } from '../../src/identity.ts';
import { originAllowed } from '../../src/origin.ts';
import { sandboxLine } from '../../src/sandbox-progress.ts';
import { deriveSecrets, sameSecret } from '../../src/secrets.ts';
import { TokenBucket } from '../../src/sockets/token-bucket.ts';

function request(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

test.each([
  ['/tools/code/api/me?x=1', '/api/me?x=1'],
  ['/tools/code', '/'],
  ['/tools/code?x=1', '/?x=1'],
  ['/tools/code/', '/'],
  ['/tools/codes/api/me', '/tools/codes/api/me'],
  ['/api/me', '/api/me'],
])('below /tools/code, %s is %s', (url, rest) => {
  expect(withoutBase(url, '/tools/code')).toBe(rest);
});

describe('addresses', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:0DB8:0:0:1::', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0'],
    ['', ''],
    ['unknown', 'unknown'],
    ['999.0.113.7', '999.0.113.7'],
    ['203.0.113.7:5060', '203.0.113.7:5060'],
    ['2001:db8:::1', '2001:db8:::1'],
    ['[::1]', '[::1]'],
    ['::ffff:203.0.113.777', '::ffff:203.0.113.777'],
  ])('%s counts as %s', (address, customer) => {
    expect(clientAddress(request(address), 0)).toBe(customer);
  });

  test('nobody is believed about addresses unless proxies are configured', () => {
    const forwarded = { 'x-forwarded-for': '1.1.1.1, 2.2.2.2, 3.3.3.3', 'x-forwarded-proto': 'https' };
    expect(clientAddress(request('10.0.0.1', forwarded), 0)).toBe('10.0.0.1');
    expect(clientAddress(request('10.0.0.1', forwarded), 1)).toBe('3.3.3.3');
    expect(clientAddress(request('10.0.0.1', forwarded), 2)).toBe('2.2.2.2');
    expect(clientAddress(request('10.0.0.1', forwarded), 9)).toBe('10.0.0.1');
    const long = { 'x-forwarded-for': '1'.repeat(10_000) };
    expect(clientAddress(request('10.0.0.1', long), 1).length).toBeLessThan(100);
    expect(isHttps(request('10.0.0.1', forwarded), 0)).toBe(false);
    expect(isHttps(request('10.0.0.1', forwarded), 1)).toBe(true);
  });
});

describe('origins', () => {
  const from = (origin?: string) =>
    request('::1', { host: 'code.example:3000', ...(origin === undefined ? {} : { origin }) });

  test.each([
    [undefined, true],
    ['http://code.example:3000', true],
    ['https://code.example:3000', true],
    ['https://other.example', true],
    ['http://code.example', false],
    ['http://code.example:3000.evil.example', false],
    ['https://evil.example', false],
    ['null', false],
    ['', false],
  ])('%s: %s', (origin, allowed) => {
    expect(originAllowed(from(origin), ['https://other.example'])).toBe(allowed);
  });
});

describe('secrets', () => {
  const secrets = deriveSecrets('a secret for tests');

  test('a link is its room’s, its role’s and its generation’s alone', () => {
    const all = [
      secrets.linkSecret(roomId('room-a'), 'editor', 1),
      secrets.linkSecret(roomId('room-a'), 'editor', 2),
      secrets.linkSecret(roomId('room-a'), 'viewer', 1),
      secrets.linkSecret(roomId('room-b'), 'editor', 1),
      deriveSecrets('another secret').linkSecret(roomId('room-a'), 'editor', 1),
    ];
    expect(new Set(all).size).toBe(all.length);
    for (const secret of all) expect(secret).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(secrets.linkSecret(roomId('room-a'), 'editor', 1)).toBe(all[0]);
  });

  test('are compared whole', () => {
    expect(sameSecret('abc', 'abc')).toBe(true);
    expect(sameSecret('abc', 'abd')).toBe(false);
    expect(sameSecret('abc', 'ab')).toBe(false);
    expect(sameSecret('', '')).toBe(true);
  });
});

describe('cookies', () => {
  test('say who someone is, to the server that signed them', async () => {
    const identities = createIdentities(deriveSecrets('one').cookieKey);
    const hana = newParticipant('Hana', 5);
    const cookie = await identities.write(hana, true);
    expect(cookie).toMatch(/; Secure/);
    const header = `other=1; ${cookie.split(';')[0]}`;
    expect(await identities.read(header)).toEqual(hana);
    expect(await createIdentities(deriveSecrets('two').cookieKey).read(header)).toBeNull();
    expect(await identities.read(undefined)).toBeNull();
    expect(await identities.read('other=1')).toBeNull();
  });
});

test('a bucket allows a burst, then a rate', () => {
  const bucket = new TokenBucket(3, 10, 0);
  expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
  expect([400, 400].map((now) => bucket.take(now, 3))).toEqual([true, false]);
  expect([499, 500, 500, 10_000].map((now) => bucket.take(now))).toEqual([false, true, false, true]);
});

test('the terminal hears of the sandbox when something is new', () => {
  const said: string[] = [];
  let before: SandboxStatus | null = null;
  const preparing = (step: string, percent: number): SandboxStatus => ({ state: 'preparing', step, percent });
  for (const status of [
    { state: 'starting' },
    preparing('base', 0),
    preparing('base', 4),
    preparing('base', 12),
    preparing('Rust', 13),
    { state: 'ready', warm: {}, busy: 0 },
    { state: 'ready', warm: { go: 1 }, busy: 1 },
    { state: 'off', reason: 'No engine answers.', mend: 'Start Docker.' },
  ] satisfies SandboxStatus[]) {
    const line = sandboxLine(status, before);
    if (line !== null) said.push(line);
    before = status;
  }
  expect(said).toEqual([
    'Preparing the sandbox: base (0 %)',
    'Preparing the sandbox: base (12 %)',
    'Preparing the sandbox: Rust (13 %)',
    'The sandbox is ready: code can be run.',
    'Code cannot be run: No engine answers. Start Docker.',
  ]);
});

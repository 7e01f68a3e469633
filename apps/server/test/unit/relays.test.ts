import { participantId } from '@codesync/protocol/testing';
import { expect, test } from 'vitest';
import { createRelays, turnCredentials } from '../../src/relays.ts';
import { deriveSecrets } from '../../src/secrets.ts';

const SECRET = 'north-secret-for-turn';
const at = (now: number) => ({ now: () => now });
const { alias } = deriveSecrets('a secret for tests, not a secret');

test('credentials are the HMAC-SHA1 of their name, in base64', () => {
  // printf '1700003600:aliasalias123456' | openssl dgst -sha1 -hmac 'north-secret-for-turn' -binary | base64
  expect(turnCredentials(SECRET, 'aliasalias123456', 1_700_003_600)).toEqual({
    username: '1700003600:aliasalias123456',
    credential: 'hz8Uer9JGUNSmbNrKCd6kwqQ58w=',
  });
});

test('they hold for an hour, and name nobody whom an outsider knows', () => {
  const urls = ['turn:turn.example.org:3478?transport=udp', 'turns:turn.example.org:5349'];
  const relays = createRelays(
    { stun: ['stun:stun.example.org'], turn: { urls, secret: SECRET } },
    at(1_700_000_000_000),
    alias,
  );
  const hana = participantId('hana-hana-hana-hana');
  const { servers, validMs } = relays.serversFor(hana);
  expect(validMs).toBe(3_600_000);
  expect(servers).toEqual([
    { urls: ['stun:stun.example.org'] },
    { urls, ...turnCredentials(SECRET, alias(hana), 1_700_003_600) },
  ]);
  expect(JSON.stringify(servers)).not.toMatch(/hana|north-secret/);
  expect(alias(hana)).not.toBe(alias(participantId('gus-gus-gus-gus-gus')));
});

test('without a TURN server there are no credentials', () => {
  const { serversFor } = createRelays({ stun: [], turn: null }, at(0), alias);
  expect(serversFor(participantId('hana-hana-hana-hana'))).toEqual({ servers: [], validMs: null });
});

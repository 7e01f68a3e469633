import { describe, expect, test } from 'vitest';
import { ConfigError, PROJECT_FOLDER, readConfig } from '../../src/config.ts';

test('nothing set is a server for this machine alone', () => {
  expect(readConfig({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    data: `${PROJECT_FOLDER}/.codesync`,
    databaseUrl: null,
    secret: null,
    docker: 'auto',
    basePath: '',
    origins: [],
    proxies: 0,
    clientsPerAddress: 200,
    metricsToken: null,
    relays: { stun: [], turn: null },
    logLevel: 'info',
  });
});

test('an empty variable counts as absent', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '', CODESYNC_SECRET: '' })).toEqual(readConfig({}));
});

test('reads what is set', () => {
  const config = readConfig({
    PORT: '8080',
    HOST: '0.0.0.0',
    CODESYNC_DATA: '/srv/codesync',
    DATABASE_URL: 'postgresql://user:pass@db/codesync',
    CODESYNC_SECRET: 'x'.repeat(32),
    CODESYNC_DOCKER: 'never',
    CODESYNC_BASE_PATH: '/tools/code/',
    CODESYNC_ORIGIN: 'https://a.example, http://b.example:8080',
    CODESYNC_PROXIES: '2',
    CODESYNC_CLIENTS_PER_ADDRESS: '1000',
    CODESYNC_METRICS_TOKEN: 'c3VwZXItc2VjcmV0Cg==',
    CODESYNC_STUN_URL: 'stun:stun.example.org',
    CODESYNC_TURN_URL: 'turn:turn.example.org:3478?transport=udp, turns:[2001:db8::1]:5349',
    CODESYNC_TURN_SECRET: 'a secret of the relay',
    LOG_LEVEL: 'debug',
  });
  expect(config).toMatchObject({
    port: 8080,
    host: '0.0.0.0',
    data: '/srv/codesync',
    docker: 'never',
    proxies: 2,
    clientsPerAddress: 1_000,
    metricsToken: 'c3VwZXItc2VjcmV0Cg==',
  });
  expect(config.relays).toEqual({
    stun: ['stun:stun.example.org'],
    turn: {
      urls: ['turn:turn.example.org:3478?transport=udp', 'turns:[2001:db8::1]:5349'],
      secret: 'a secret of the relay',
    },
  });
  expect(config.basePath).toBe('/tools/code');
  expect(config.origins).toEqual(['https://a.example', 'http://b.example:8080']);
});

describe('says which variable cannot be used, without its value', () => {
  test.each([
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'localhost/db'],
    ['DATABASE_URL', 'mysql://root:hunter2@db/x'],
    ['CODESYNC_SECRET', 'hunter2'],
    ['CODESYNC_DOCKER', 'always'],
    ['CODESYNC_BASE_PATH', 'apps/nowhere'],
    ['CODESYNC_BASE_PATH', '/tools/../etc'],
    ['CODESYNC_BASE_PATH', '//evil.example'],
    ['CODESYNC_BASE_PATH', '/a"b'],
    ['CODESYNC_ORIGIN', 'other.example.net'],
    ['CODESYNC_ORIGIN', 'https://code.example.org/path'],
    ['CODESYNC_PROXIES', 'one'],
    ['CODESYNC_CLIENTS_PER_ADDRESS', '0'],
    ['CODESYNC_METRICS_TOKEN', 'hunter2'],
    ['CODESYNC_METRICS_TOKEN', 'two words that are long enough'],
    ['CODESYNC_STUN_URL', 'https://stun.example.org'],
    ['CODESYNC_TURN_URL', 'turn:user:hunter2@turn.example.org'],
    ['CODESYNC_TURN_URL', 'turn:turn.example.org?transport=sctp'],
    ['CODESYNC_TURN_SECRET', 'hunter2'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} cannot be used: it should be .+\\.$`));
    expect(read).not.toThrow(value);
  });
});

test.each([
  { CODESYNC_TURN_URL: 'turn:turn.example.org' },
  { CODESYNC_TURN_SECRET: 'a secret of the relay' },
])('a relay without its address or its secret is said: %o', (environment) => {
  expect(() => readConfig(environment)).toThrow(
    /^CODESYNC_TURN_URL and CODESYNC_TURN_SECRET .+ set both, or none\.$/,
  );
});

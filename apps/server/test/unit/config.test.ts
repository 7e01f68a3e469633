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
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} cannot be used: it should be .+\\.$`));
    expect(read).not.toThrow(value);
  });
});

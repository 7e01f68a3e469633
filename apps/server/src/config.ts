import { resolve } from 'node:path';
import { LIMITS } from '@codesync/protocol';
import { z } from 'zod';
import type { RelayConfig } from './relays.ts';

/** The folder that holds the whole project: three above this file's. */
export const PROJECT_FOLDER = resolve(import.meta.dirname, '../../..');

/** A set-up that cannot work. `message` is one sentence for the person who started the server. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Config = {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Null starts the private PostgreSQL of the data folder. */
  readonly databaseUrl: string | null;
  /** Null reads or makes the secret of the data folder. */
  readonly secret: string | null;
  readonly docker: 'auto' | 'never';
  /** The path on its host where the server is, such as `/tools/code`; empty for the root. */
  readonly basePath: string;
  /** Origins other than the server's own host whose pages may open sockets. */
  readonly origins: readonly string[];
  /** Reverse proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed. */
  readonly proxies: number;
  /**
   * Clients that one network address may have over all rooms. It may start as many runs in a minute. A whole school
   * has one address.
   */
  readonly clientsPerAddress: number;
  /** What readers of /metrics must show; null leaves them to programs on this machine. */
  readonly metricsToken: string | null;
  /** What people in a call are told of, to find a way to each other. */
  readonly relays: RelayConfig;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
};

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

/** A host or an IP address, perhaps with a port. */
const RELAY_PLACE = String.raw`([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?`;
const STUN_URL = new RegExp(`^stuns?:${RELAY_PLACE}$`);
const TURN_URL = new RegExp(String.raw`^turns?:${RELAY_PLACE}(\?transport=(udp|tcp))?$`);

/** Addresses, separated by commas. */
function addresses(each: RegExp) {
  return z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every((address) => each.test(address)))
    .default([]);
}

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(3000),
  HOST: z.string().trim().min(1).default('127.0.0.1'),
  CODESYNC_DATA: z.string().min(1).default(resolve(PROJECT_FOLDER, '.codesync')),
  DATABASE_URL: z
    .string()
    .refine((url) => URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol))
    .optional(),
  CODESYNC_SECRET: z.string().min(32).optional(),
  CODESYNC_DOCKER: z.enum(['auto', 'never']).default('auto'),
  CODESYNC_BASE_PATH: z
    .string()
    .regex(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*\/?$/)
    .transform((path) => path.replace(/\/$/, ''))
    .default(''),
  CODESYNC_ORIGIN: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((list) => list.every(isOrigin))
    .default([]),
  CODESYNC_PROXIES: z.string().regex(/^\d$/).transform(Number).default(0),
  CODESYNC_CLIENTS_PER_ADDRESS: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .transform(Number)
    .default(LIMITS.clientsPerAddress),
  CODESYNC_METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,}$/)
    .optional(),
  CODESYNC_STUN_URL: addresses(STUN_URL),
  CODESYNC_TURN_URL: addresses(TURN_URL),
  CODESYNC_TURN_SECRET: z.string().min(16).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

const WANTED: Readonly<Record<keyof z.infer<typeof Environment>, string>> = {
  PORT: 'a port number from 0 to 65535',
  HOST: 'the address to listen on, such as 127.0.0.1 or 0.0.0.0',
  CODESYNC_DATA: 'the path of a folder',
  DATABASE_URL: 'a URL such as postgres://user:password@host:5432/database',
  CODESYNC_SECRET: 'at least 32 characters',
  CODESYNC_DOCKER: '“auto” or “never”',
  CODESYNC_BASE_PATH: 'a path such as /tools/code, of letters, digits and “-._~”',
  CODESYNC_ORIGIN: 'origins such as https://code.example.org, separated by commas',
  CODESYNC_PROXIES: 'how many reverse proxies stand in front of the server, 0 to 9',
  CODESYNC_CLIENTS_PER_ADDRESS: 'a number from 1 to 999999',
  CODESYNC_METRICS_TOKEN: 'at least 16 letters, digits and characters of “-._~+/=”',
  CODESYNC_STUN_URL: 'addresses such as stun:stun.example.org:3478, separated by commas',
  CODESYNC_TURN_URL: 'addresses such as turn:turn.example.org:3478?transport=udp, separated by commas',
  CODESYNC_TURN_SECRET: 'at least 16 characters, the static-auth-secret of the TURN server',
  LOG_LEVEL: 'one of fatal, error, warn, info, debug, trace and silent',
};

/**
 * Reads the configuration from environment variables. An empty variable counts as absent. Throws a `ConfigError` for
 * the first variable that cannot be used. It names the variable and says what it should be. It never tells the value,
 * which may be a secret.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path[0] as keyof typeof WANTED;
    throw new ConfigError(`${name} cannot be used: it should be ${WANTED[name]}.`);
  }
  const env = parsed.data;
  const { CODESYNC_TURN_URL: urls, CODESYNC_TURN_SECRET: turnSecret } = env;
  if (urls.length > 0 !== (turnSecret !== undefined)) {
    throw new ConfigError(
      'CODESYNC_TURN_URL and CODESYNC_TURN_SECRET are of use together only: set both, or none.',
    );
  }
  return {
    port: env.PORT,
    host: env.HOST,
    data: resolve(env.CODESYNC_DATA),
    databaseUrl: env.DATABASE_URL ?? null,
    secret: env.CODESYNC_SECRET ?? null,
    docker: env.CODESYNC_DOCKER,
    basePath: env.CODESYNC_BASE_PATH,
    origins: env.CODESYNC_ORIGIN,
    proxies: env.CODESYNC_PROXIES,
    clientsPerAddress: env.CODESYNC_CLIENTS_PER_ADDRESS,
    metricsToken: env.CODESYNC_METRICS_TOKEN ?? null,
    relays: {
      stun: env.CODESYNC_STUN_URL,
      turn: turnSecret === undefined ? null : { urls, secret: turnSecret },
    },
    logLevel: env.LOG_LEVEL,
  };
}

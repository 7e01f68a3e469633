import { setTimeout as delay } from 'node:timers/promises';
import pg, { type PoolConfig, type QueryConfig, type QueryResultRow } from 'pg';
import type { Logger } from 'pino';
import { StorageUnavailable } from '../ports.ts';

/** A query that takes longer has an unknown result. */
const QUERY_MS = 10_000;
const CONNECT_MS = 5_000;

/** int8 as a number: sequence numbers and milliseconds stay far below 2^53. JSON is parsed where it is read. */
const types: NonNullable<PoolConfig['types']> = {
  getTypeParser(oid, format) {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.JSON) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as NonNullable<PoolConfig['types']>;

/**
 * Connections to the database. One that was opened stays open: after a quiet while nobody has to wait for a new one,
 * which a crowded database may not even grant.
 *
 * @param most how many connections it opens when so many are wanted at once.
 */
export function createPool(connection: PoolConfig, most: number, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    types,
    min: 1,
    max: most,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    keepAlive: true,
    application_name: 'codesync',
  });
  // An idle connection that breaks leaves the pool by itself; queries that need one report their own failure.
  pool.on('error', (error) => log.debug({ err: error }, 'an idle database connection ended'));
  return pool;
}

/**
 * SQLSTATE classes in which the question is at fault and would fail again: data, integrity, syntax and access.
 * Everything else passes: connection, resources, shutdown, serialisation, or a time-out without any code.
 */
const FAULTS = new Set(['22', '23', '42']);
/**
 * Codes of these classes that tell of the database and not of the question. Every statement is fixed and fits the
 * migrated schema. So if a privilege, a table or a column is missing, an operator has taken it away and can give it
 * back.
 */
const MENDABLE = new Set([
  '42501', // insufficient_privilege
  '42P01', // undefined_table
  '42703', // undefined_column
]);
/** SQLSTATE `disk_full`. */
const DISK_FULL = '53100';

/** `StorageUnavailable` for what may pass or be mended; the error itself for a fault in what was asked. */
export function classify(error: unknown): unknown {
  // The statement would be longer than a string can be. It never reaches the database, however often it is tried.
  if (error instanceof RangeError) return error;
  const code = (error as { code?: unknown }).code;
  const isState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  if (isState && FAULTS.has(code.slice(0, 2)) && !MENDABLE.has(code)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StorageUnavailable(message, { cause: error, full: code === DISK_FULL });
}

/**
 * Codes with which PostgreSQL asks for another try. It has ended the statement to let others through, and carried out
 * nothing of it.
 */
const RETRYABLE = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
]);
/**
 * The longest pause before the second and each further try. The real one is shorter by chance, so that two do not meet
 * again.
 */
const RETRY_MS = [5, 20, 80, 320];

/** One query on any connection, tried again where PostgreSQL asks for it, with errors as `classify` tells them. */
export async function query<Row extends QueryResultRow>(
  pool: Pick<pg.Pool, 'query'>,
  config: QueryConfig,
): Promise<Row[]> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await pool.query<Row>(config)).rows;
    } catch (error) {
      const pause = RETRY_MS[attempt];
      const { code } = error as { code?: unknown };
      if (pause === undefined || typeof code !== 'string' || !RETRYABLE.has(code)) throw classify(error);
      await delay(pause * Math.random());
    }
  }
}

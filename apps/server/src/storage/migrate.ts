import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';

const FOLDER = join(import.meta.dirname, 'migrations');

function migrations(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{3}_.+\.sql$/.test(name))
    .sort();
}

/** Any number that nothing else in the database uses for an advisory lock: "code" in ASCII. */
const LOCK = 0x636f6465;

/**
 * Brings the schema up to date: runs each numbered SQL file that has not been run, in order, each in a
 * transaction of its own. Servers that start together wait for one another.
 */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migration');
    const done = new Set(rows.map((row) => row.name));
    for (const name of migrations()) {
      if (done.has(name)) continue;
      await client.query('BEGIN');
      await client.query(readFileSync(join(FOLDER, name), 'utf8'));
      await client.query('INSERT INTO migration (name) VALUES ($1)', [name]);
      await client.query('COMMIT');
    }
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    client.release();
  } catch (error) {
    // The connection goes, and with it the lock and an open transaction.
    client.release(true);
    throw error;
  }
}

/**
 * Whether every migration has been run, and which PostgreSQL says so. Rejects when it does not answer.
 *
 * @param timeoutMs how long it may take once there is a connection.
 */
export async function inspectDatabase(
  pool: Pool,
  timeoutMs: number,
): Promise<{ readonly migrated: boolean; readonly version: string }> {
  const question = {
    text: `SELECT current_setting('server_version') AS version,
      ARRAY(SELECT name FROM migration) AS names`,
    query_timeout: timeoutMs,
  };
  const { rows } = await pool.query<{ version: string; names: string[] }>(question);
  const { version, names } = rows[0]!;
  const done = new Set(names);
  return { migrated: migrations().every((name) => done.has(name)), version };
}

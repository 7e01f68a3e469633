/** One look at everything that could grow. */
import path from 'node:path';
import { residentBytes, threadsOf } from '../lib/processes.ts';
import type { Told } from './probe.ts';
import type { Product } from './product.ts';
import { fileBytes, type Handles, handlesOf, privateBytes } from './usage.ts';

type NodeProcess = Told & {
  readonly resident: number;
  readonly threads: number;
  readonly handles: Handles;
};

type TableSize = { readonly bytes: number; readonly indexes: number };

export type Sample = {
  /** Seconds since the soak began. */
  readonly at: number;
  readonly server: NodeProcess;
  readonly runner: NodeProcess;
  readonly database: { readonly memory: number; readonly processes: number; readonly handles: Handles };
  readonly containers: number;
  /** Rooms that the server holds in memory, and events of all rooms together. */
  readonly roomsHeld: number;
  readonly events: number;
  readonly tables: Readonly<Record<string, TableSize>>;
  readonly keyframes: number;
  /** Bytes in the data folder outside of the database's own folder, such as logs. */
  readonly otherFiles: number;
};

const TABLES = `
  SELECT relname AS name, pg_table_size(oid)::float8 AS bytes, pg_indexes_size(oid)::float8 AS indexes
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;

const COUNTS = `
  SELECT sum(head)::float8 AS events, count(owner)::float8 AS held,
    (SELECT count(*)::float8 FROM room_keyframe) AS keyframes
  FROM room`;

/** @param began when the soak began, by `performance.now()`. */
export async function takeSample(product: Product, began: number): Promise<Sample> {
  const at = Math.round((performance.now() - began) / 1000);
  const { server, runner, database } = product.processes();
  const [told, runnerTold, sizes, [counts], containers] = await Promise.all([
    product.ask(server),
    product.ask(runner),
    product.query<{ name: string; bytes: number; indexes: number }>(TABLES),
    product.query<{ events: number | null; held: number; keyframes: number }>(COUNTS),
    product.containers(),
  ]);
  return {
    at,
    server: nodeProcess(server, told),
    runner: nodeProcess(runner, runnerTold),
    database: {
      memory: privateBytes(database),
      processes: database.length,
      handles: handlesOf(database),
    },
    containers,
    roomsHeld: counts!.held,
    events: counts!.events ?? 0,
    tables: Object.fromEntries(sizes.map(({ name, bytes, indexes }) => [name, { bytes, indexes }])),
    keyframes: counts!.keyframes,
    otherFiles: fileBytes(product.data) - fileBytes(path.join(product.data, 'postgres')),
  };
}

function nodeProcess(pid: number, told: Told): NodeProcess {
  return {
    ...told,
    resident: residentBytes([pid]),
    threads: threadsOf(pid).length,
    handles: handlesOf([pid]),
  };
}

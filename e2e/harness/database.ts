/** PostgreSQL itself, asked past the server: what a crash test holds everybody's word against. */
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { ClientId, Keyframe, ParticipantId, RoomEvent } from '@codesync/protocol';
import pg from 'pg';

/** The rows of one room, all of one moment. `head` and `keyframes` are what the server noted of the log. */
export type StoredLog = {
  readonly head: number;
  readonly events: readonly RoomEvent[];
  readonly keyframes: readonly Keyframe[];
};

type EventRow = {
  seq: number;
  at: number;
  actor: ParticipantId | null;
  client_id: ClientId | null;
  client_seq: number | null;
  body: RoomEvent['body'];
};

/** One statement, so that a writer cannot come in between. */
const LOG = `
  SELECT head,
    (SELECT json_agg(e ORDER BY seq) FROM room_event e WHERE room_id = $1) AS events,
    (SELECT json_agg(encode(body, 'base64') ORDER BY seq) FROM room_keyframe WHERE room_id = $1) AS keyframes
  FROM room WHERE id = $1`;

const AFTER = `SELECT json_agg(e ORDER BY seq) AS events FROM room_event e WHERE room_id = $1 AND seq > $2`;

/**
 * A connection of the test's own, made anew when the old one has broken: a database may go and come back. Every
 * method rejects while it cannot be reached.
 */
export class Database {
  readonly #connection: pg.ClientConfig;
  #client: Promise<pg.Client> | null = null;

  constructor(connection: pg.ClientConfig) {
    this.#connection = connection;
  }

  async log(room: string): Promise<StoredLog> {
    const [row] = await this.query<{ head: string; events: EventRow[]; keyframes: string[] | null }>(LOG, [
      room,
    ]);
    if (row === undefined) throw new Error(`no room ${room} in the database`);
    return {
      head: Number(row.head),
      events: row.events.map(eventOfRow),
      keyframes: await Promise.all((row.keyframes ?? []).map(unpack)),
    };
  }

  /** The events of a room after `seq`, as many as the log has now. */
  async after(room: string, seq: number): Promise<RoomEvent[]> {
    const [row] = await this.query<{ events: EventRow[] | null }>(AFTER, [room, seq]);
    return (row!.events ?? []).map(eventOfRow);
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    this.#client ??= this.#connect();
    return (await (await this.#client).query<Row>(text, values)).rows;
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.#connection,
      connectionTimeoutMillis: 5_000,
      query_timeout: 30_000,
    });
    const forget = () => {
      this.#client = null;
    };
    client.once('end', forget);
    client.on('error', forget);
    try {
      await client.connect();
    } catch (error) {
      forget();
      throw error;
    }
    return client;
  }
}

function eventOfRow({ seq, at, actor, client_id, client_seq, body }: EventRow): RoomEvent {
  const origin =
    client_id === null || client_seq === null ? {} : { origin: { client: client_id, clientSeq: client_seq } };
  return { seq, at, actor, ...origin, body };
}

async function unpack(body: string): Promise<Keyframe> {
  const json = await promisify<Buffer, Buffer>(inflate)(Buffer.from(body, 'base64'));
  return JSON.parse(json.toString());
}

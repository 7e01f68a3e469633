import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createDeflate, inflate } from 'node:zlib';
import {
  type ClientId,
  type Keyframe,
  LIMITS,
  type ParticipantId,
  type RoomEvent,
  type RoomId,
} from '@codesync/protocol';
import { FORMAT, readEvent, readKeyframe } from '@codesync/room';
import type { Pool, QueryConfig } from 'pg';
import type { Batch, RoomStore, StoredKeyframe } from '../ports.ts';
import { Turns } from '../turns.ts';
import { jsonPieces } from './json-pieces.ts';
import { query } from './pool.ts';

/** The columns of events, one array each, as `unnest` takes them. */
type EventColumns = readonly [
  room: string[],
  seq: number[],
  at: number[],
  actor: (string | null)[],
  client: (string | null)[],
  clientSeq: (number | null)[],
  kind: string[],
  body: string[],
];

/** The columns of an event beside the room and the seq. */
function eventFields({ at, actor, origin, body }: RoomEvent) {
  const { client = null, clientSeq = null } = origin ?? {};
  return [at, actor, client, clientSeq, body.kind, JSON.stringify(body)] as const;
}

function eventColumns(
  batches: readonly { readonly room: RoomId; readonly events: readonly RoomEvent[] }[],
): EventColumns {
  const columns: EventColumns = [[], [], [], [], [], [], [], []];
  for (const { room, events } of batches) {
    for (const event of events) {
      const [at, actor, client, clientSeq, kind, body] = eventFields(event);
      columns[0].push(room);
      columns[1].push(event.seq);
      columns[2].push(at);
      columns[3].push(actor);
      columns[4].push(client);
      columns[5].push(clientSeq);
      columns[6].push(kind);
      columns[7].push(body);
    }
  }
  return columns;
}

const UNNEST_EVENTS = (first: number) =>
  `unnest(${['text', 'bigint', 'bigint', 'text', 'text', 'bigint', 'text', 'json']
    .map((type, i) => `$${first + i}::${type}[]`)
    .join(', ')}) AS e (room_id, seq, at, actor, client_id, client_seq, kind, body)`;

const EVENT_COLUMNS = 'room_id, seq, at, actor, client_id, client_seq, kind, body, format';

const CREATE = {
  name: 'room-create',
  text: `
    WITH made AS (INSERT INTO room (id, head) VALUES ($1, $2))
    INSERT INTO room_event (${EVENT_COLUMNS}) SELECT e.*, ${FORMAT} FROM ${UNNEST_EVENTS(3)}`,
};

/**
 * A common table expression that locks rooms in one order, which every statement uses. Two statements that took the
 * same rooms in different orders would wait for each other for ever. An UPDATE locks in the order of its plan, so it
 * takes its rooms from here. The lock mode is that of an UPDATE that changes no key.
 *
 * @param asked a FROM item called `asked`. Its rows have the `id` of a room and whatever else the UPDATE needs.
 */
const LOCKED = (asked: string) => `
    locked AS (
      SELECT asked.* FROM ${asked} JOIN room ON room.id = asked.id ORDER BY room.id FOR NO KEY UPDATE OF room
    )`;

/** The UPDATE is the guard. Only rooms whose head and epoch are as expected go on to the INSERT. */
const APPEND = {
  name: 'room-append',
  text: `
    WITH ${LOCKED('unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS asked (id, epoch, head, next)')},
    passed AS (
      UPDATE room SET head = locked.next FROM locked
      WHERE room.id = locked.id AND room.epoch = locked.epoch AND room.head = locked.head
      RETURNING room.id
    ), appended AS (
      INSERT INTO room_event (${EVENT_COLUMNS})
      SELECT e.*, ${FORMAT} FROM ${UNNEST_EVENTS(5)} JOIN passed ON passed.id = e.room_id
    )
    SELECT id FROM passed`,
};

/**
 * The same for one event of one room, which is a keystroke in a quiet moment. Without the arrays and the join,
 * PostgreSQL answers in a quarter less time, the flush to disk included.
 */
const APPEND_ONE = {
  name: 'room-append-one',
  text: `
    WITH passed AS (
      UPDATE room SET head = $4 WHERE id = $1 AND epoch = $2 AND head = $3 RETURNING id
    )
    INSERT INTO room_event (${EVENT_COLUMNS})
    SELECT id, $4, $5::bigint, $6::text, $7::text, $8::bigint, $9::text, $10::json, ${FORMAT} FROM passed
    RETURNING room_id AS id`,
};

const ACQUIRE = {
  name: 'room-acquire',
  text: `
    UPDATE room SET owner = $2, epoch = epoch + 1, lease_until = now() + $3::bigint * interval '1 ms'
    WHERE id = $1 AND (owner IS NULL OR owner = $2 OR lease_until < now())
    RETURNING epoch, head`,
};

const RENEW = {
  name: 'room-renew',
  text: `
    WITH ${LOCKED('unnest($2::text[], $3::bigint[]) AS asked (id, epoch)')}
    UPDATE room SET lease_until = now() + $4::bigint * interval '1 ms' FROM locked
    WHERE room.id = locked.id AND room.epoch = locked.epoch AND room.owner = $1
    RETURNING room.id`,
};

const RELEASE = {
  name: 'room-release',
  text: `
    WITH ${LOCKED('unnest($1::text[], $2::bigint[]) AS asked (id, epoch)')}
    UPDATE room SET owner = NULL, lease_until = '-infinity' FROM locked
    WHERE room.id = locked.id AND room.epoch = locked.epoch`,
};

const PLACES = {
  name: 'room-places',
  text: 'SELECT id, head, epoch FROM room WHERE id = ANY ($1::text[])',
};

const EVENTS = {
  name: 'room-events',
  text: `
    SELECT seq, at, actor, client_id, client_seq, body, format FROM room_event
    WHERE room_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq`,
};

const EVENT_OF = {
  name: 'room-event-of',
  text: `
    SELECT seq, at, actor, client_id, client_seq, body, format FROM room_event
    WHERE room_id = $1 AND client_id = $2 AND client_seq = $3`,
};

const LAST_OF = {
  name: 'room-last-of',
  text: `
    SELECT actor, client_seq FROM room_event
    WHERE room_id = $1 AND client_id = $2 ORDER BY client_seq DESC LIMIT 1`,
};

/**
 * A keyframe is the whole room, and a quiet room has one for every few events. So the one before the new one goes when
 * the one before that is near enough. (The query sees both as they were before the statement.)
 */
const WRITE_KEYFRAME = {
  name: 'room-write-keyframe',
  text: `
    WITH written AS (
      INSERT INTO room_keyframe (room_id, seq, versions, body, format)
      VALUES ($1, $2, $3, $4, ${FORMAT}) ON CONFLICT DO NOTHING
    ), earlier AS (
      SELECT seq FROM room_keyframe WHERE room_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT 2
    )
    DELETE FROM room_keyframe
    WHERE room_id = $1 AND seq = (SELECT max(seq) FROM earlier)
      AND $2 - coalesce((SELECT min(seq) FROM earlier HAVING count(*) = 2), 0) <= $5`,
};

const NEWEST_KEYFRAME = {
  name: 'room-newest-keyframe',
  text: 'SELECT seq, body, format FROM room_keyframe WHERE room_id = $1 ORDER BY seq DESC LIMIT 1',
};

const KEYFRAME_BEFORE = {
  name: 'room-keyframe-before',
  text: `
    SELECT seq, body, format FROM room_keyframe
    WHERE room_id = $1 AND seq <= $2 ORDER BY seq DESC LIMIT 1`,
};

/** What the index of runs is for: the planner takes it for a condition that names its kinds. */
const OF_RUNS = "kind IN ('run.started', 'run.ended')";

/**
 * The run of an event of one. It stands before all text of people and programs. The operators of json would read that
 * text too, and fail at a NUL in it.
 */
const ITS_RUN = `substring(body::text FROM '"run":"([A-Za-z0-9_-]+)"')`;

/** A run ends once, so the search for ends stops at the last of them. */
const RUNS_BEFORE = {
  name: 'room-runs-before',
  text: `
    WITH started AS (
      SELECT seq, at, actor, client_id, client_seq, body, format FROM room_event
      WHERE room_id = $1 AND seq < $2 AND ${OF_RUNS} AND kind = 'run.started' ORDER BY seq DESC LIMIT $3
    ), ended AS (
      SELECT seq, at, actor, client_id, client_seq, body, format FROM room_event
      WHERE room_id = $1 AND ${OF_RUNS} AND kind = 'run.ended'
        AND seq > (SELECT min(seq) FROM started)
        AND ${ITS_RUN} IN (SELECT ${ITS_RUN} FROM started)
      ORDER BY seq LIMIT (SELECT count(*) FROM started)
    )
    SELECT * FROM started UNION ALL SELECT * FROM ended ORDER BY seq`,
};

/** A run that has not ended reaches to the end of the log. */
const RUN_EVENTS = {
  name: 'room-run-events',
  text: `
    WITH started AS (
      SELECT ${ITS_RUN} AS run FROM room_event WHERE room_id = $1 AND seq = $2 AND kind = 'run.started'
    ), ended AS (
      SELECT seq FROM room_event
      WHERE room_id = $1 AND seq > $2 AND ${OF_RUNS} AND kind = 'run.ended'
        AND ${ITS_RUN} = (SELECT run FROM started)
      ORDER BY seq LIMIT 1
    )
    SELECT seq, at, actor, client_id, client_seq, body, format FROM room_event
    WHERE room_id = $1 AND seq >= $2 AND EXISTS (SELECT FROM started)
      AND seq <= coalesce((SELECT seq FROM ended), (SELECT head FROM room WHERE id = $1))
      AND kind LIKE 'run.%' AND ${ITS_RUN} = (SELECT run FROM started)
    ORDER BY seq`,
};

const SEQ_BEFORE = {
  name: 'room-seq-before',
  text: `
    SELECT seq FROM room_keyframe
    WHERE room_id = $1 AND (versions ->> $2)::bigint <= $3 ORDER BY seq DESC LIMIT 1`,
};

type EventRow = {
  seq: number;
  at: number;
  actor: ParticipantId | null;
  client_id: ClientId | null;
  client_seq: number | null;
  body: string;
  format: number;
};

/** Throws `Unreadable` for what this version does not know. */
function eventOfRow(row: EventRow): RoomEvent {
  return readEvent(row.format, {
    seq: row.seq,
    at: row.at,
    actor: row.actor,
    ...(row.client_id !== null && row.client_seq !== null
      ? { origin: { client: row.client_id, clientSeq: row.client_seq } }
      : {}),
    body: JSON.parse(row.body),
  });
}

/** How many stretches of logs are read at once. The reads must leave connections for what people are waiting for. */
const LONG_READS = 4;

/**
 * Fast rather than small, since a keyframe is written often and read seldom. It is packed in libuv's threads, piece by
 * piece, so that a large room does not hold up the others.
 */
function packKeyframe(keyframe: Keyframe): Promise<Buffer> {
  return pipeline(jsonPieces(keyframe), createDeflate({ level: 1 }), (packed) => buffer(packed));
}

type KeyframeRow = { seq: number; body: Buffer; format: number };

async function storedKeyframe({ seq, body, format }: KeyframeRow): Promise<StoredKeyframe> {
  const unpacked = await promisify<Buffer, Buffer>(inflate)(body);
  return { seq, keyframe: readKeyframe(format, JSON.parse(unpacked.toString())) };
}

function appendQuery(batches: readonly Batch[]): QueryConfig {
  const [first, second] = batches;
  if (first?.events.length === 1 && second === undefined) {
    const { room, epoch, head, events } = first;
    return { ...APPEND_ONE, values: [room, epoch, head, events[0]!.seq, ...eventFields(events[0]!)] };
  }
  const values = [
    batches.map((batch) => batch.room),
    batches.map((batch) => batch.epoch),
    batches.map((batch) => batch.head),
    batches.map((batch) => batch.head + batch.events.length),
    ...eventColumns(batches),
  ];
  return { ...APPEND, values };
}

/**
 * The log of every room in PostgreSQL.
 *
 * @param commits for appends alone, so that none of them waits until somebody's reading is done.
 */
export function postgresRoomStore(pool: Pool, commits: Pool): RoomStore {
  const reads = new Turns(LONG_READS);
  return {
    async create(room, events) {
      await query(pool, { ...CREATE, values: [room, events.length, ...eventColumns([{ room, events }])] });
    },

    async acquire(room, owner, leaseMs) {
      const [row] = await query<{ epoch: number; head: number }>(pool, {
        ...ACQUIRE,
        values: [room, owner, leaseMs],
      });
      if (row !== undefined) return { kind: 'acquired', ...row };
      const rows = await query(pool, { ...PLACES, values: [[room]] });
      return { kind: rows.length > 0 ? 'held' : 'unknown' };
    },

    async renew(owner, rooms, leaseMs) {
      const values = [owner, rooms.map((held) => held.room), rooms.map((held) => held.epoch), leaseMs];
      const rows = await query<{ id: RoomId }>(pool, { ...RENEW, values });
      return new Set(rows.map((row) => row.id));
    },

    async release(rooms) {
      const values = [rooms.map((held) => held.room), rooms.map((held) => held.epoch)];
      await query(pool, { ...RELEASE, values });
    },

    async append(batches: readonly Batch[]) {
      const rows = await query<{ id: RoomId }>(commits, appendQuery(batches));
      return new Set(rows.map((row) => row.id));
    },

    async places(rooms) {
      const rows = await query<{ id: RoomId; head: number; epoch: number }>(pool, {
        ...PLACES,
        values: [rooms],
      });
      return new Map(rows.map(({ id, head, epoch }) => [id, { head, epoch }]));
    },

    async events(room, after, upTo) {
      const rows = await reads.take(() => query<EventRow>(pool, { ...EVENTS, values: [room, after, upTo] }));
      return rows.map(eventOfRow);
    },

    async eventOf(room, client, clientSeq) {
      const [row] = await query<EventRow>(pool, { ...EVENT_OF, values: [room, client, clientSeq] });
      return row === undefined ? null : eventOfRow(row);
    },

    async lastOf(room, client) {
      const [row] = await query<{ actor: ParticipantId; client_seq: number }>(pool, {
        ...LAST_OF,
        values: [room, client],
      });
      return row === undefined ? null : { participant: row.actor, clientSeq: row.client_seq };
    },

    async writeKeyframe(room, keyframe) {
      const versions = Object.fromEntries(keyframe.files.map((file) => [file.id, file.version]));
      const body = await packKeyframe(keyframe);
      const values = [room, keyframe.seq, JSON.stringify(versions), body, LIMITS.keyframeEvents];
      await query(pool, { ...WRITE_KEYFRAME, values });
    },

    async newestKeyframe(room) {
      const [row] = await query<KeyframeRow>(pool, { ...NEWEST_KEYFRAME, values: [room] });
      return row === undefined ? null : storedKeyframe(row);
    },

    async keyframeBefore(room, seq) {
      const [row] = await query<KeyframeRow>(pool, { ...KEYFRAME_BEFORE, values: [room, seq] });
      return row === undefined ? null : storedKeyframe(row);
    },

    async runsBefore(room, seq, limit) {
      const asked = { ...RUNS_BEFORE, values: [room, seq, limit] };
      return (await reads.take(() => query<EventRow>(pool, asked))).map(eventOfRow);
    },

    async runEvents(room, seq) {
      const rows = await reads.take(() => query<EventRow>(pool, { ...RUN_EVENTS, values: [room, seq] }));
      return rows.map(eventOfRow);
    },

    async seqBefore(room, file, version) {
      const [row] = await query<{ seq: number }>(pool, { ...SEQ_BEFORE, values: [room, file, version] });
      return row?.seq ?? 0;
    },
  };
}

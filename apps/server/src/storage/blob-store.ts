import { createHash } from 'node:crypto';
import { blobParts, LIMITS } from '@codesync/protocol';
import type { Pool } from 'pg';
import type { BlobStore } from '../ports.ts';
import { Turns } from '../turns.ts';
import { query } from './pool.ts';

/** What was sent within this long is not given up: the command that asks for it may be on its way. */
const SETTLED = "interval '10 minutes'";

const HELD = {
  name: 'blob-held',
  text: 'SELECT coalesce(sum(bytes), 0)::bigint AS held FROM room_blob WHERE room_id = $1 AND hash <> $2',
};

/** The oldest go until `$3` bytes have gone. */
const GIVE_UP = {
  name: 'blob-give-up',
  text: `
    DELETE FROM room_blob WHERE room_id = $1 AND hash IN (
      SELECT hash FROM (
        SELECT hash, sum(bytes) OVER (ORDER BY at, hash) - bytes AS before FROM room_blob
        WHERE room_id = $1 AND NOT hash = ANY ($2::text[]) AND at < now() - ${SETTLED}
      ) AS unused WHERE before < $3
    )`,
};

/** Whoever tells another length begins anew: no parts are held beyond the length that is counted. */
const DROP_OTHER = {
  name: 'blob-drop-other',
  text: 'DELETE FROM room_blob WHERE room_id = $1 AND hash = $2 AND NOT whole AND bytes <> $3',
};

const BEGIN = {
  name: 'blob-begin',
  text: `
    INSERT INTO room_blob AS known (room_id, hash, bytes) VALUES ($1, $2, $3)
    ON CONFLICT (room_id, hash) DO UPDATE
      SET at = now()
    RETURNING whole`,
};

const PUT_PART = {
  name: 'blob-put-part',
  text: `
    INSERT INTO room_blob_part (room_id, hash, part, body)
    SELECT room_id, hash, $3::int, $4::bytea FROM room_blob WHERE room_id = $1 AND hash = $2 AND bytes = $5
    ON CONFLICT (room_id, hash, part) DO UPDATE SET body = excluded.body`,
};

const PARTS_THERE = {
  name: 'blob-parts-there',
  text: 'SELECT count(*)::int AS there FROM room_blob_part WHERE room_id = $1 AND hash = $2 AND part < $3',
};

const PART = {
  name: 'blob-part',
  text: 'SELECT body FROM room_blob_part WHERE room_id = $1 AND hash = $2 AND part = $3',
};

const FINISH = {
  name: 'blob-finish',
  text: 'UPDATE room_blob SET whole = true WHERE room_id = $1 AND hash = $2',
};

const DROP = {
  name: 'blob-drop',
  text: 'DELETE FROM room_blob WHERE room_id = $1 AND hash = $2 AND NOT whole',
};

const BYTES_OF = {
  name: 'blob-bytes-of',
  text: 'SELECT bytes FROM room_blob WHERE room_id = $1 AND hash = $2 AND whole',
};

/** How many blobs are read or checked at once. The reads must leave connections for what people are waiting for. */
const READS = 3;

/** The blobs of every room in PostgreSQL. */
export function postgresBlobStore(pool: Pool): BlobStore {
  const turns = new Turns(READS);

  const readPart = async (room: string, hash: string, part: number): Promise<Buffer | null> => {
    const [row] = await turns.take(() =>
      query<{ body: Buffer }>(pool, { ...PART, values: [room, hash, part] }),
    );
    return row?.body ?? null;
  };

  /** Whether the parts are what the hash says. */
  const isSound = async (room: string, hash: string, bytes: number): Promise<boolean> => {
    const sum = createHash('sha256');
    let length = 0;
    for (let part = 0; part < blobParts(bytes); part++) {
      const body = await readPart(room, hash, part);
      if (body === null) return false;
      sum.update(body);
      length += body.length;
    }
    return length === bytes && sum.digest('hex') === hash;
  };

  const hasSpace = async (room: string, hash: string, bytes: number): Promise<number> => {
    const [row] = await query<{ held: number }>(pool, { ...HELD, values: [room, hash] });
    return row!.held + bytes - LIMITS.blobBytesKept;
  };

  return {
    async put(room, { hash, bytes }, part, body, inUse) {
      const over = await hasSpace(room, hash, bytes);
      if (over > 0) {
        await query(pool, { ...GIVE_UP, values: [room, [...(await inUse()), hash], over] });
        if ((await hasSpace(room, hash, bytes)) > 0) return { kind: 'full' };
      }
      await query(pool, { ...DROP_OTHER, values: [room, hash, bytes] });
      const [begun] = await query<{ whole: boolean }>(pool, { ...BEGIN, values: [room, hash, bytes] });
      if (begun!.whole) return { kind: 'taken', missing: 0 };
      await query(pool, { ...PUT_PART, values: [room, hash, part, body, bytes] });
      const parts = blobParts(bytes);
      const [row] = await query<{ there: number }>(pool, { ...PARTS_THERE, values: [room, hash, parts] });
      if (row!.there < parts) return { kind: 'taken', missing: parts - row!.there };
      if (await isSound(room, hash, bytes)) {
        await query(pool, { ...FINISH, values: [room, hash] });
        return { kind: 'taken', missing: 0 };
      }
      await query(pool, { ...DROP, values: [room, hash] });
      return { kind: 'damaged' };
    },

    async bytesOf(room, hash) {
      const [row] = await query<{ bytes: number }>(pool, { ...BYTES_OF, values: [room, hash] });
      return row?.bytes ?? null;
    },

    async *read(room, { hash, bytes }) {
      for (let part = 0; part < blobParts(bytes); part++) {
        const body = await readPart(room, hash, part);
        if (body === null) throw new Error(`part ${part} of a blob is not there any more`);
        yield body;
      }
    },
  };
}

/** Reads every room's log back from the database, from its first event on, and holds it against what people saw and did. */
import type { ClientId, ParticipantId, RoomEvent } from '@codesync/protocol';
import { RoomFold } from '@codesync/room';
import type { Product } from './product.ts';
import type { SoakRoom } from './room.ts';

/** Events read at once. */
const PAGE = 2_000;

type Row = {
  readonly seq: string;
  readonly at: string;
  readonly actor: ParticipantId | null;
  readonly client_id: ClientId | null;
  readonly client_seq: string | null;
  readonly body: RoomEvent['body'];
};

export type Truth = {
  readonly faults: readonly string[];
  readonly events: number;
  readonly runs: number;
  /** Bytes of the log's rows, as the database holds them. */
  readonly logBytes: number;
  /** Most events between two neighbouring keyframes of a room, and most keyframes for each 100 events. */
  readonly widestGap: number;
  readonly keyframesPer100: number;
};

export async function readTruth(product: Product, rooms: readonly SoakRoom[]): Promise<Truth> {
  const faults: string[] = [];
  let events = 0;
  let runs = 0;
  let widestGap = 0;
  let keyframesPer100 = 0;
  for (const room of rooms) {
    const say = (what: string): void => void faults.push(`room ${rooms.indexOf(room) + 1}: ${what}`);
    try {
      const log = await readLog(product, room, say);
      events += log.fold.seq;
      runs += log.runs;
      compare(log.fold, await room.replicas(), say);
      const keyframes = await keyframesOf(product, room, log.fold.seq);
      widestGap = Math.max(widestGap, keyframes.widestGap);
      keyframesPer100 = Math.max(keyframesPer100, (100 * keyframes.count) / log.fold.seq);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
    for (const fault of new Set(room.faults)) say(fault);
  }
  const [size] = await product.query<{ bytes: number }>(
    'SELECT sum(pg_column_size(e.*))::float8 AS bytes FROM room_event e',
  );
  return { faults, events, runs, logBytes: size!.bytes, widestGap, keyframesPer100 };
}

type Say = (what: string) => void;

/** Folds the log, which throws where it is not dense, and checks who typed what and how runs ended. */
async function readLog(
  product: Product,
  room: SoakRoom,
  say: Say,
): Promise<{ readonly fold: RoomFold; readonly runs: number }> {
  const [place] = await product.query<{ head: string }>('SELECT head FROM room WHERE id = $1', [room.id]);
  const head = Number(place!.head);
  const fold = new RoomFold();
  const typed = new Map<string, number>();
  const commands = new Set<string>();
  const ended = new Map<string, number>();
  while (fold.seq < head) {
    const rows = await product.query<Row>(
      `SELECT seq, at, actor, client_id, client_seq, body FROM room_event
       WHERE room_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      [room.id, fold.seq, PAGE],
    );
    if (rows.length === 0) throw new Error(`the log ends at ${fold.seq}, its head is ${head}`);
    for (const row of rows) {
      const { body, client_id: client } = row;
      if (client !== null) {
        const command = `${client} ${row.client_seq}`;
        if (commands.has(command)) say(`the log has ${command} twice`);
        commands.add(command);
      }
      if (body.kind === 'edit' && client !== null) {
        const units = body.op.reduce<number>(
          (sum, part) => sum + (typeof part === 'string' ? part.length : 0),
          0,
        );
        typed.set(client, (typed.get(client) ?? 0) + units);
      }
      if (body.kind === 'run.started') ended.set(body.run, 0);
      if (body.kind === 'run.ended') {
        ended.set(body.run, (ended.get(body.run) ?? 0) + 1);
        const entry = fold.state.runs.get(body.run)?.entry;
        const path = entry === undefined ? undefined : fold.state.files.get(entry)?.path;
        const wrong = room.programs.find((program) => program.path === path)?.wrong(body) ?? null;
        if (wrong !== null) say(wrong);
      }
      fold.apply({
        seq: Number(row.seq),
        at: Number(row.at),
        actor: row.actor,
        ...(client === null ? {} : { origin: { client, clientSeq: Number(row.client_seq) } }),
        body,
      });
    }
  }
  for (const [client, units] of room.typed) {
    const found = typed.get(client) ?? 0;
    if (found !== units) say(`${client} typed ${units} units, the log has ${found}`);
  }
  for (const [run, ends] of ended) if (ends !== 1) say(`run ${run} has ${ends} ends`);
  return { fold, runs: ended.size };
}

function compare(fold: RoomFold, replicas: readonly ReadonlyMap<string, string>[], say: Say): void {
  const files = [...fold.state.files.values()];
  replicas.forEach((replica, n) => {
    const who = n === replicas.length - 1 ? 'a newcomer' : `person ${n + 1}`;
    if (replica.size !== files.length) say(`${who} has ${replica.size} files, the log ${files.length}`);
    for (const { id, path } of files) {
      if (replica.get(path) !== fold.texts.get(id)!.buffer.toString()) say(`${who} has another ${path}`);
    }
  });
}

async function keyframesOf(
  product: Product,
  room: SoakRoom,
  head: number,
): Promise<{ readonly count: number; readonly widestGap: number }> {
  const rows = await product.query<{ seq: string }>(
    'SELECT seq FROM room_keyframe WHERE room_id = $1 ORDER BY seq',
    [room.id],
  );
  const places = [0, ...rows.map(({ seq }) => Number(seq)), head];
  const gaps = places.slice(1).map((seq, i) => seq - places[i]!);
  return { count: rows.length, widestGap: Math.max(...gaps) };
}

// What must be true of every room's log when the fuzz is over.
import { type ClientId, type CommandKind, may, type ParticipantId, type RoomEvent } from '@codesync/protocol';
import { RoomFold } from '@codesync/room';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../src/storage/embedded-postgres.ts';
import type { Judge } from './judge.ts';

/** The command that an event with an origin came from; the others need no permission. */
const COMMANDS: Readonly<Partial<Record<RoomEvent['body']['kind'], CommandKind>>> = {
  edit: 'edit',
  'file.created': 'file.create',
  'file.uploaded': 'file.upload',
  'file.replaced': 'file.replace',
  'file.renamed': 'file.rename',
  'file.languageChanged': 'file.language',
  'file.deleted': 'file.delete',
  'file.restored': 'file.restore',
  'folder.created': 'folder.create',
  'folder.moved': 'folder.move',
  'folder.deleted': 'folder.delete',
  'folder.restored': 'folder.restore',
  'run.started': 'run.start',
  'run.input': 'run.input',
  'run.ended': 'run.stop',
  'configuration.created': 'configuration.create',
  'configuration.changed': 'configuration.change',
  'configuration.deleted': 'configuration.delete',
  'configuration.pinned': 'configuration.pin',
  'terminal.opened': 'terminal.open',
  'terminal.renamed': 'terminal.rename',
  'terminal.locked': 'terminal.lock',
  'terminal.restarted': 'terminal.restart',
  'terminal.closed': 'terminal.close',
  'comment.opened': 'comment.open',
  'comment.replied': 'comment.reply',
  'comment.edited': 'comment.edit',
  'comment.deleted': 'comment.delete',
  'comment.resolved': 'comment.resolve',
  'comment.reopened': 'comment.reopen',
  'chat.sent': 'chat.send',
  'chat.edited': 'chat.edit',
  'chat.deleted': 'chat.delete',
  'chat.reacted': 'chat.react',
  'driver.changed': 'driver.set',
  'timer.started': 'timer.start',
  'timer.paused': 'timer.pause',
  'timer.resumed': 'timer.resume',
  'timer.stopped': 'timer.stop',
  'member.updated': 'member.update',
  'member.role': 'member.role',
  'member.removed': 'member.remove',
  'role.requested': 'role.request',
  'entry.pinned': 'entry.pin',
  'workFolder.changed': 'workFolder.set',
  'room.renamed': 'room.rename',
  'room.locked': 'room.lock',
  'link.revoked': 'link.revoke',
};

/** An event as PostgreSQL has it. */
export type Row = {
  seq: string;
  at: string;
  actor: ParticipantId | null;
  client_id: ClientId | null;
  client_seq: string | null;
  body: RoomEvent['body'];
};

/**
 * Reads the logs of all rooms and folds them: each is dense, each event fits the room before it, its actor was allowed
 * to do it at that moment, and no command of a client was carried out twice, or by two people. Returns the folds.
 */
export async function foldLogs(
  { connection }: EmbeddedPostgres,
  judge: Judge,
): Promise<Map<string, RoomFold>> {
  const sql = new pg.Client(connection);
  await sql.connect();
  try {
    // One moment of all tables: rooms go on while they are read.
    await sql.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows: rooms } = await sql.query<{ id: string; head: string }>('SELECT id, head FROM room');
    const folds = new Map<string, RoomFold>();
    for (const { id, head } of rooms) {
      const { rows } = await sql.query<Row>(
        'SELECT seq, at, actor, client_id, client_seq, body FROM room_event WHERE room_id = $1 ORDER BY seq',
        [id],
      );
      folds.set(id, foldLog(id, rows, judge));
      if (rows.length !== Number(head))
        judge.breach(`${id} has ${rows.length} events and its head at ${head}`);
    }
    return folds;
  } finally {
    await sql.end();
  }
}

/** Folds one room's log, and notes what is wrong with it. */
export function foldLog(room: string, rows: readonly Row[], judge: Judge): RoomFold {
  const folded = new RoomFold();
  const owners = new Map<string, string | null>();
  const commands = new Set<string>();
  for (const { seq, at, actor, client_id: client, client_seq: clientSeq, body } of rows) {
    if (client !== null) {
      const command = COMMANDS[body.kind];
      const member = actor === null ? undefined : folded.state.members.get(actor);
      if (command === undefined || member === undefined || member.removed || !may(member.role, command)) {
        judge.breach(`${room}, ${seq}: ${body.kind} by ${member?.removed ? 'removed ' : ''}${member?.role}`);
      }
      const owner = owners.get(client);
      if (owner !== undefined && owner !== actor) judge.breach(`${room}, ${seq}: ${client} has two owners`);
      owners.set(client, actor);
      const key = `${client} ${clientSeq}`;
      if (commands.has(key)) judge.breach(`${room}, ${seq}: ${key} was carried out twice`);
      commands.add(key);
    }
    try {
      folded.apply({ seq: Number(seq), at: Number(at), actor, body });
    } catch (error) {
      judge.breach(`${room}, ${seq}: ${String(error)}`);
      break;
    }
  }
  return folded;
}

// Random rooms: people, commands good and bad, and what the world outside adds, each chosen from what the room holds.
import { apply, type Op } from '@codesync/ot';
import {
  BlobHash,
  type CommandBody,
  type EventBody,
  type FileId,
  LANGUAGES,
  type ParticipantId,
  Reaction,
  type Role,
  type RoomEvent,
  type RunSetup,
} from '@codesync/protocol';
import {
  commentId,
  configurationId,
  fileId,
  messageId,
  participantId,
  runId,
  terminalId,
} from '@codesync/protocol/testing';
import fc from 'fast-check';
import {
  type Decision,
  decide,
  EditOrder,
  editsAfter,
  enter,
  type Given,
  RoomFold,
} from '../../src/index.ts';
import { ENDED } from './rooms.ts';

/** One step of a random room. What the numbers mean depends on what the room holds then. */
export type Step = {
  readonly what: number;
  readonly who: number;
  readonly a: number;
  readonly b: number;
  readonly text: string;
};

export const steps = (maxLength: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.record({
      what: fc.nat(99),
      who: fc.nat(PEOPLE - 1),
      a: fc.nat(1_000),
      b: fc.nat(1_000),
      text: fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', '\n', 'é') }),
    }),
    { maxLength, size: 'max' },
  );

const PEOPLE = 5;
const ROLES: readonly Role[] = ['host', 'editor', 'viewer'];
const PATHS = ['main.py', 'Main.py', 'lib/a.go', 'lib', 'lib/sub/b.rs', 'Lib/c.js', 'docs/notes.txt', 'd.js'];
const LANGUAGES_CHOSEN = [null, 'python', 'go', 'markdown'] as const;
const FOLDERS = ['lib', 'lib/sub', 'docs', 'Docs/sub', 'main.py', 'other'];

/** A room as its one writer has it. */
export class RandomRoom {
  readonly log: RoomEvent[] = [];
  readonly fold: RoomFold;
  readonly order: EditOrder;

  constructor(fold = new RoomFold()) {
    this.fold = fold;
    this.order = new EditOrder(fold.texts);
  }

  append(body: EventBody, actor: ParticipantId | null = null): void {
    const event = { seq: this.fold.seq + 1, at: 1_000 + this.fold.seq, actor, body };
    this.fold.apply(event);
    this.order.follow(event);
    this.log.push(event);
  }

  /** What a command comes to, with all that it asks for. `log` is the room's from its beginning. */
  decide(actor: ParticipantId, command: CommandBody, log: readonly RoomEvent[] = this.log): Decision {
    const run: Given['run'] = {
      id: runId(`run-${log.length}-random`),
      sandbox: { state: 'ready', warm: {}, busy: 0 },
    };
    const given = { older: [], run, blob: null };
    const decision = decide(this, actor, command, given);
    if (decision.kind === 'blob') {
      const blob = { hash: decision.hash, bytes: BLOBS.get(decision.hash) ?? null };
      return decide(this, actor, command, { ...given, blob });
    }
    if (decision.kind !== 'older') return decision;
    const older = editsAfter(log, decision.file, decision.from - 1).map(({ op }) => op);
    return decide(this, actor, command, { ...given, older });
  }
}

/** Blobs that a room's server has. Two of them fill a room. */
const BLOBS = new Map([
  [BlobHash.parse('a'.repeat(64)), 0],
  [BlobHash.parse('b'.repeat(64)), 70_000],
  [BlobHash.parse('c'.repeat(64)), 30_000_000],
]);
const blobOf = (n: number) => pick([...BLOBS.keys(), BlobHash.parse('d'.repeat(64))], n)!;

const personOf = (n: number) => participantId(`person-${n}-person-xx`);
const pick = <T>(things: Iterable<T>, n: number): T | undefined => {
  const all = [...things];
  return all[n % Math.max(1, all.length)];
};

/** The random command of a step. It may be refused: for its sender's role, or since it does not fit the room. */
export function commandOf(room: RandomRoom, { what, a, b, text }: Step): CommandBody {
  const { state, texts } = room.fold;
  const file = pick([...state.files.keys(), ...state.deleted.keys()], a) ?? fileId(`file-${a}-none`);
  const run = pick(state.runs.keys(), a) ?? runId('run-none');
  const participant = personOf(a % PEOPLE);
  const folder = pick(FOLDERS, a)!;
  const configuration = pick(state.configurations.keys(), a) ?? configurationId('configuration-none');
  const terminal = terminalId(`terminal-${a % 11}-x`);
  const thread = pick(state.threads.values(), a);
  const message = messageId(`message-${a % 30}`);
  switch (what % 37) {
    case 0:
      return b % 4 === 0
        ? {
            kind: 'file.upload',
            file: fileId(`file-${a % 40}-new`),
            path: pick(PATHS, a + b)!,
            blob: blobOf(b),
          }
        : { kind: 'file.create', file: fileId(`file-${a % 40}-new`), path: pick(PATHS, b)!, text };
    case 1:
      return b % 3 === 0
        ? { kind: 'file.language', file, language: pick(LANGUAGES_CHOSEN, a + b)! }
        : { kind: 'file.rename', file, path: pick(PATHS, b)! };
    case 2:
      return { kind: 'file.delete', file };
    case 3:
      return { kind: 'file.restore', file };
    case 4:
      if (b % 4 === 0) return { kind: 'run.start', configuration };
      return b % 4 === 1
        ? { kind: 'run.start', entry: file, setup: setupOf(room, a, b, text) }
        : { kind: 'run.start', entry: file };
    case 5:
      return b % 2 === 0 ? { kind: 'run.stop', run } : { kind: 'run.input', run, text, eof: b % 7 === 0 };
    case 6:
      return { kind: 'member.update', name: text, hue: b % 12 };
    case 7:
      return { kind: 'member.role', participant, role: pick(ROLES, b)! };
    case 8:
      return b % 4 === 0 ? { kind: 'member.remove', participant } : { kind: 'role.request' };
    case 9:
      return { kind: 'entry.pin', file: b % 3 === 0 ? null : file };
    case 22:
      return { kind: 'file.replace', file, blob: blobOf(a) };
    case 10:
      return { kind: 'workFolder.set', folder: b % 2 === 0 ? 'entry' : 'room' };
    case 11:
      return b % 2 === 0 ? { kind: 'room.rename', name: text } : { kind: 'room.lock', locked: b % 3 === 0 };
    case 12:
      return { kind: 'link.revoke', role: b % 2 === 0 ? 'editor' : 'viewer' };
    case 13:
      return { kind: 'folder.create', path: folder };
    case 14:
      return { kind: 'folder.move', from: folder, to: pick(FOLDERS, b)! };
    case 15:
      return { kind: 'folder.delete', path: folder };
    case 16:
      return { kind: 'folder.restore', path: pick(state.deletedFolders.keys(), b) ?? folder };
    case 17:
      return b % 2 === 0
        ? { kind: 'configuration.delete', configuration }
        : { kind: 'configuration.pin', configuration: b % 3 === 0 ? null : configuration };
    case 18: {
      const made = configurationId(`configuration-${a % 40}`);
      const given = { name: text.trim() || 'Tests', entry: file, ...setupOf(room, a, b, text) };
      return b % 3 === 0
        ? { kind: 'configuration.change', configuration, ...given }
        : { kind: 'configuration.create', configuration: made, ...given };
    }
    case 19:
      return b % 3 === 0
        ? { kind: 'terminal.close', terminal }
        : { kind: 'terminal.open', terminal, name: 'Build' };
    case 20:
      return b % 2 === 0
        ? { kind: 'terminal.rename', terminal, name: 'Tests' }
        : { kind: 'terminal.lock', terminal, locked: b % 3 === 0 };
    case 21:
      return { kind: 'terminal.restart', terminal };
    case 23: {
      const version = Math.max(0, (texts.get(file)?.version ?? 0) + 1 - (b % 8));
      const start = a % (textAt(room, file, version).length + 2);
      const comment = commentId(`comment-${b % 40}`);
      return { kind: 'comment.open', comment, file, version, start, end: start + (b % 4), text };
    }
    case 24: {
      const id = thread?.id ?? commentId('comment-none');
      const comment = pick(thread?.comments ?? [], b)?.id ?? id;
      if (b % 4 === 0) return { kind: 'comment.delete', thread: id, comment };
      if (b % 4 === 1) return { kind: 'comment.edit', thread: id, comment, text };
      return { kind: 'comment.reply', thread: id, comment: commentId(`reply-${b % 40}-x`), text };
    }
    case 25: {
      const id = thread?.id ?? commentId('comment-none');
      return { kind: b % 2 === 0 ? 'comment.resolve' : 'comment.reopen', thread: id };
    }
    case 26: {
      if (b % 3 === 0) return { kind: 'chat.send', message, text, ...(b % 2 === 0 ? { hosts: true } : {}) };
      const version = Math.max(0, (texts.get(file)?.version ?? 0) + 1 - (b % 8));
      return { kind: 'chat.send', message, text, place: { file, version, from: b % 5, to: b % 9 } };
    }
    case 27:
      return b % 2 === 0 ? { kind: 'chat.edit', message, text } : { kind: 'chat.delete', message };
    case 28:
      return { kind: 'chat.react', message, reaction: pick(Reaction.options, b)!, on: b % 3 > 0 };
    case 29:
      return { kind: 'driver.set', driver: b % 4 === 0 ? null : participant };
    case 30:
      return b % 2 === 0 ? { kind: 'timer.start', minutes: 1 + (a % 120) } : { kind: 'timer.stop' };
    case 31:
      return { kind: b % 2 === 0 ? 'timer.pause' : 'timer.resume' };
    default: {
      // Made for some version, often an old one and now and then one that is still to come.
      const version = texts.get(file)?.version ?? 0;
      const base = Math.max(0, version + 1 - (b % 8));
      return { kind: 'edit', file, base, op: opOf(textAt(room, file, base), a, b, text) };
    }
  }
}

/** What a program is given; one in nine cannot be. */
function setupOf(room: RandomRoom, a: number, b: number, text: string): RunSetup {
  const { files, deleted } = room.fold.state;
  return {
    args: Array.from({ length: b % 3 }, () => text),
    env: b % 9 === 0 ? [{ name: '1', value: text }] : [{ name: `A${a}`, value: text }],
    stdin: a % 3 === 0 ? (pick([...files.keys(), ...deleted.keys()], b) ?? null) : null,
    workFolder: b % 2 === 0 ? 'room' : 'entry',
  };
}

/** Lets people in, and lets runs and absences go on: what comes into the log without a command. */
export function happen(room: RandomRoom, { what, who, a, b, text }: Step): void {
  const { state } = room.fold;
  const { terminals } = state;
  const shell = pick(terminals.keys(), a);
  const runs = [...state.runs.values()];
  const run = pick(
    runs.filter(({ phase }) => phase !== 'ended'),
    a,
  )?.id;
  if (b % 7 === 6 && state.timer !== null) room.append({ kind: 'timer.ended' });
  else if (b % 5 === 4 && shell !== undefined) {
    room.append({ kind: 'terminal.ended', terminal: shell, exitCode: b % 3, signal: null });
  } else if (what % 4 === 0 || run === undefined) {
    const participant = { id: personOf(who), name: text.trim() || 'Ada', hue: a % 12 };
    const entry = enter(state, participant, pick(['editor', 'viewer'] as const, b)!);
    if (entry.ok && entry.body !== null) room.append(entry.body, participant.id);
    // The first who comes is the host, as in a room that somebody creates.
    if (state.members.size === 0)
      room.append({ kind: 'member.role', participant: participant.id, role: 'host' });
  } else if (what % 4 === 1) {
    room.append({ kind: 'member.left', participant: personOf(who) });
  } else if (what % 4 === 2) {
    // Now and then of a run that may have ended: a fold takes that, too.
    const speaking = b % 5 === 0 ? pick(runs, b)!.id : run;
    room.append({ kind: 'run.output', run: speaking, stream: b % 2 ? 'stdout' : 'stderr', text });
  } else {
    room.append(b % 3 ? { kind: 'run.phase', run, phase: 'running' } : { kind: 'run.ended', run, ...ENDED });
  }
}

export function open(room: RandomRoom): void {
  room.append({ kind: 'room.created', name: 'a room', language: 'python' });
  room.append({
    kind: 'file.created',
    file: fileId('file-main'),
    path: LANGUAGES.python.entry,
    text: 'hello\n',
  });
}

export function whoOf({ who }: Step): ParticipantId {
  return personOf(who);
}

/** The text of a file at a version, empty where it never had it. */
function textAt(room: RandomRoom, file: FileId, version: number): string {
  let text = '';
  for (const { body } of room.log) {
    if (body.kind === 'file.created' && body.file === file) text = body.text;
    if (body.kind === 'edit' && body.file === file && body.version <= version) text = apply(text, body.op);
  }
  return text;
}

/** Types `text` somewhere, and takes a little away; one in ten reaches over the end. */
function opOf(before: string, a: number, b: number, text: string): Op {
  const at = a % (before.length + 1);
  const removed = Math.min(b % 3, before.length - at) + (b % 10 === 9 ? 2 : 0);
  return [...(at === 0 ? [] : [at]), ...(removed === 0 ? [] : [-removed]), text];
}

// The one function that turns a room's log into a room: the server, its recovery, the page and replay share it.
import { TextBuffer } from '@codesync/ot';
import type { EventBody, FileId, Keyframe, Member, ParticipantId, RoomEvent } from '@codesync/protocol';
import { keepDeleted } from './deleted.ts';
import { foldRun } from './runs.ts';
import { EMPTY_ROOM, type RoomState, withEntry, withoutEntry } from './state.ts';

/** A file's confirmed text. `version` counts its edits from 0. */
export type FoldedText = { version: number; readonly buffer: TextBuffer };

/**
 * A room folded up to `seq`. `state` is immutable and is replaced when it changes; `texts` are changed in
 * place, since a keystroke must not copy anything. Same events, same room: there is no clock and no chance here.
 */
export class RoomFold {
  seq = 0;
  state: RoomState = EMPTY_ROOM;
  readonly texts = new Map<FileId, FoldedText>();

  /** Folds the next event. Throws when it is not the next one, or does not fit: the log is then damaged. */
  apply(event: RoomEvent): void {
    if (event.seq !== this.seq + 1) throw new Error(`event ${event.seq} cannot follow ${this.seq}`);
    if (event.body.kind === 'edit') this.#edit(event.body);
    else this.#change(event.body, event.at, event.actor);
    this.seq = event.seq;
  }

  #edit(edit: Extract<EventBody, { kind: 'edit' }>): void {
    const file = this.texts.get(edit.file);
    if (file === undefined) throw new Error(`edit of unknown file ${edit.file}`);
    if (edit.version !== file.version + 1) {
      throw new Error(`edit makes version ${edit.version} of ${edit.file}, which is at ${file.version}`);
    }
    file.buffer.apply(edit.op);
    file.version = edit.version;
  }

  #change(body: Exclude<EventBody, { kind: 'edit' }>, at: number, actor: string | null): void {
    if (body.kind === 'file.created') {
      this.texts.set(body.file, { version: 0, buffer: TextBuffer.from(body.text) });
    } else if (body.kind === 'file.restored') {
      this.texts.set(body.file, { version: body.version, buffer: TextBuffer.from(body.text) });
    } else if (body.kind === 'file.deleted') {
      this.#delete(body.file, at, actor);
    }
    this.state = reduce(this.state, body, at, actor);
  }

  #delete(id: FileId, at: number, by: string | null): void {
    const text = this.texts.get(id);
    const entry = this.state.files.get(id);
    this.texts.delete(id);
    if (text === undefined || entry === undefined) return;
    const file = { id, path: entry.path, version: text.version, text: text.buffer.toString(), by, at };
    this.state = { ...this.state, deleted: keepDeleted(this.state.deleted, file) };
  }

  /** The room as JSON, to go on from with `RoomFold.from`. */
  toKeyframe(): Keyframe {
    const { name, language, createdAt, locked, entry, workFolder, links, members, files, deleted, runs } =
      this.state;
    return {
      seq: this.seq,
      name,
      language,
      createdAt,
      locked,
      entry,
      workFolder,
      links,
      members: [...members.values()],
      files: [...files.values()].map(({ id, path }) => {
        const text = this.texts.get(id)!;
        return { id, path, version: text.version, text: text.buffer.toString() };
      }),
      runs: [...runs.values()],
      ...(deleted.size === 0 ? {} : { deleted: [...deleted.values()] }),
    };
  }

  static from(keyframe: Keyframe): RoomFold {
    const fold = new RoomFold();
    const { seq, members, files, runs, name, language, createdAt, locked, entry = null, links } = keyframe;
    const { workFolder = 'room' } = keyframe;
    fold.seq = seq;
    for (const file of files) {
      fold.texts.set(file.id, { version: file.version, buffer: TextBuffer.from(file.text) });
    }
    fold.state = {
      name,
      language,
      createdAt,
      locked,
      entry,
      workFolder,
      links,
      members: new Map(members.map((member) => [member.id, member])),
      files: new Map(files.map(({ id, path }) => [id, { id, path }])),
      deleted: new Map((keyframe.deleted ?? []).map((file) => [file.id, file])),
      runs: new Map(runs.map((run) => [run.id, run])),
    };
    return fold;
  }
}

/** The state after one event that is not an edit. */
export function reduce(
  state: RoomState,
  body: Exclude<EventBody, { kind: 'edit' }>,
  at: number,
  actor: string | null,
): RoomState {
  switch (body.kind) {
    case 'room.created':
      return { ...state, name: body.name, language: body.language, createdAt: at };
    case 'room.renamed':
      return { ...state, name: body.name };
    case 'room.locked':
      return { ...state, locked: body.locked };
    case 'entry.pinned':
      return { ...state, entry: body.file };
    case 'workFolder.changed':
      return { ...state, workFolder: body.folder };
    case 'link.revoked':
      return { ...state, links: { ...state.links, [body.role]: body.generation } };
    case 'member.joined': {
      const { participant: id, name, hue, role } = body;
      const asking = state.members.get(id)?.asking ?? false;
      return withMember(state, { id, name, hue, role, here: true, removed: false, asking });
    }
    case 'member.left':
      return patchMember(state, body.participant, { here: false });
    case 'member.updated':
      return patchMember(state, body.participant, { name: body.name, hue: body.hue });
    case 'member.role':
      return patchMember(state, body.participant, { role: body.role, asking: false });
    case 'member.removed':
      return patchMember(state, body.participant, { here: false, removed: true, asking: false });
    case 'role.requested':
      return patchMember(state, body.participant, { asking: true });
    case 'file.created':
    case 'file.restored':
      return {
        ...state,
        files: withEntry(state.files, body.file, { id: body.file, path: body.path }),
        deleted: state.deleted.has(body.file) ? withoutEntry(state.deleted, body.file) : state.deleted,
      };
    case 'file.renamed':
      return { ...state, files: withEntry(state.files, body.file, { id: body.file, path: body.path }) };
    case 'file.deleted':
      return { ...state, files: withoutEntry(state.files, body.file) };
    case 'run.started':
    case 'run.phase':
    case 'run.output':
    case 'run.input':
    case 'run.ended':
      return { ...state, runs: foldRun(state.runs, body, at, actor) };
  }
}

function withMember(state: RoomState, member: Member): RoomState {
  return { ...state, members: withEntry(state.members, member.id, member) };
}

function patchMember(state: RoomState, id: ParticipantId, patch: Partial<Member>): RoomState {
  const member = state.members.get(id);
  return member === undefined ? state : withMember(state, { ...member, ...patch });
}

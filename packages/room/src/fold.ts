// The one function that turns a room's log into a room: the server, its recovery, the page and replay share it.
import type { FileId, Keyframe, RoomEvent } from '@codesync/protocol';
import { type FileEntry, withFiles } from './file-tree.ts';
import type { FoldedText } from './folded-text.ts';
import { foldEdit } from './nouns/edits.ts';
import { foldCreated } from './nouns/files.ts';
import { EMPTY_ROOM, foldEvent, keyframeOf, type RoomState, stateOf } from './nouns.ts';

/**
 * A room folded up to `seq`. `state` is immutable and is replaced when it changes. `texts` are changed in
 * place, because a keystroke must not copy anything. Same events, same room: no clock, no chance.
 */
export class RoomFold {
  seq = 0;
  #state: RoomState = EMPTY_ROOM;
  /** Files that `#state` does not have yet. A new state copies them all, so many that come together make one. */
  #created: FileEntry[] = [];
  readonly texts = new Map<FileId, FoldedText>();

  get state(): RoomState {
    if (this.#created.length > 0) {
      this.#state = withFiles(this.#state, this.#created);
      this.#created = [];
    }
    return this.#state;
  }

  /** Folds the next event. Throws when it is not the next one, or does not fit: the log is then damaged. */
  apply(event: RoomEvent): void {
    if (event.seq !== this.seq + 1) throw new Error(`event ${event.seq} cannot follow ${this.seq}`);
    const { body } = event;
    // An edit never changes the state, and a keystroke has no time for a look-up in the table.
    if (body.kind === 'edit') foldEdit(this.texts, body);
    else if (body.kind === 'file.created') this.#created.push(foldCreated(this.texts, body));
    else this.#state = foldEvent(this.state, body, event, this.texts);
    this.seq = event.seq;
  }

  /** The room as JSON. `RoomFold.from` goes on from it. */
  toKeyframe(): Keyframe {
    return { seq: this.seq, ...keyframeOf(this.state, this.texts) };
  }

  static from(keyframe: Keyframe): RoomFold {
    const fold = new RoomFold();
    fold.seq = keyframe.seq;
    fold.#state = stateOf(keyframe, fold.texts);
    return fold;
  }
}

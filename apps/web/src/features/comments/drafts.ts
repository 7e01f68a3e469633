// What is being written and was not sent: it outlives a reload, in this tab.
import { type Desk, perDesk } from '../../desk/desk.ts';
import { withStorage } from '../../storage.ts';

/** A field for a comment: of a new thread, a reply in a thread, or a comment that is written anew. */
export type DraftKey = 'new' | `reply ${string}` | `edit ${string}`;

class Drafts {
  readonly #prefix: string;

  constructor(desk: Desk) {
    this.#prefix = `codesync-comment-draft:${desk.view().id}:`;
  }

  get(key: DraftKey): string | null {
    return withStorage(
      () => sessionStorage,
      (storage) => storage.getItem(this.#prefix + key),
      null,
    );
  }

  set(key: DraftKey, text: string): void {
    withStorage(
      () => sessionStorage,
      (storage) => storage.setItem(this.#prefix + key, text),
      undefined,
    );
  }

  forget(key: DraftKey): void {
    withStorage(
      () => sessionStorage,
      (storage) => storage.removeItem(this.#prefix + key),
      undefined,
    );
  }
}

export const draftsOf = perDesk((desk) => new Drafts(desk));

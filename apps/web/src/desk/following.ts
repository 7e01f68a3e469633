// Whom this page goes along with, and what it asks of others. What follows from it on the screen: features/following.
import type { GuideRequest, ParticipantId } from '@codesync/protocol';
import { FOLLOWING_NOBODY, type FollowInput, type FollowState, nextFollow } from '@codesync/room';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Desk, perDesk } from './desk.ts';
import { useDesk } from './hooks.tsx';

const UNANSWERED = 'The server does not answer, so nobody was asked. Try again when the connection is back.';

class Following {
  readonly state: StoreApi<FollowState> = createStore(() => FOLLOWING_NOBODY);
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Takes in what has happened; the others are told whom this page follows. */
  take(input: FollowInput): void {
    const before = this.state.getState();
    const after = nextFollow(before, input);
    if (after === before) return;
    this.state.setState(after, true);
    const who = after.now?.who ?? null;
    if (who !== (before.now?.who ?? null)) this.#desk.source.setActivity({ following: who });
  }

  follow(who: ParticipantId): void {
    this.take({ kind: 'follow', who });
    this.#desk.setPane('code');
  }

  stop(): void {
    this.take({ kind: 'moved' });
  }

  /** Asks everyone to follow this person, or ends that. */
  async lead(on: boolean): Promise<void> {
    await this.#ask({ kind: 'lead', on });
  }

  /** Asks somebody, or everyone (null), to come to where this person's cursor is. */
  async bring(whom: ParticipantId | null): Promise<void> {
    const { source, editor } = this.#desk;
    const here = editor.range();
    const logged = here === null ? null : source.logged(here.file, here.range);
    if (here === null || logged === null) {
      this.#desk.tell('Put your cursor on a line of a file first, then ask others to come there.');
      return;
    }
    const place = { file: here.file, version: logged.version, at: logged.start };
    const line = editor.line();
    if (!(await this.#ask({ kind: 'bring', whom, place }))) return;
    const { files, members } = this.#desk.view().room;
    const who = whom === null ? 'Everyone' : (members.get(whom)?.name ?? 'They');
    this.#desk.tell(
      `${who} was asked to come to ${files.get(here.file)?.path ?? 'this file'}, line ${line}.`,
    );
  }

  /** Whether it was done; if not, it is told why. */
  async #ask(request: GuideRequest): Promise<boolean> {
    const reply = await this.#desk.source.guide(request);
    if (reply === null) this.#desk.report(UNANSWERED, 'room.unavailable');
    else if (!reply.ok) {
      const { code, message } = reply.error;
      this.#desk.report(message, code);
    }
    return reply?.ok === true;
  }
}

export const followingOf = perDesk((desk: Desk) => new Following(desk));

/** What `select` takes of whom this page follows. */
export function useFollowing<T>(select: (state: FollowState) => T): T {
  return useStore(followingOf(useDesk()).state, select);
}

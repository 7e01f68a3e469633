// The texts of a large room follow its welcome in messages of their own, so that nobody has to hold all of them at once,
// and others are served in between.
import type { FileId } from '../ids.ts';
import type { Keyframe } from '../keyframe.ts';
import type { FollowingText, JoinReply, Welcome } from '../socket.ts';

/** A welcome itself, and each message after it, carries so much text. A single text may be longer. */
const PIECE_UNITS = 1_000_000;

/** Takes the texts that are too much for one message out of a welcome. They have to follow it, a message for each list. */
export function partWelcome<W extends Pick<Welcome, 'state'>>(
  welcome: W,
): { readonly welcome: W; readonly following: readonly (readonly FollowingText[])[] } {
  const { state } = welcome;
  if (state.kind !== 'keyframe') return { welcome, following: [] };
  const following: FollowingText[][] = [];
  let units = 0;
  const files = state.keyframe.files.map((file) => {
    units += file.text.length;
    if (following.length === 0 && units <= PIECE_UNITS) return file;
    if (following.length === 0 || units > PIECE_UNITS) {
      following.push([]);
      units = file.text.length;
    }
    following.at(-1)!.push({ file: file.id, text: file.text });
    return { ...file, text: '' };
  });
  if (following.length === 0) return { welcome, following };
  const parted = { ...state, keyframe: { ...state.keyframe, files }, following: following.length };
  return { welcome: { ...welcome, state: parted }, following };
}

/** How many messages of texts follow an answer to a join. */
export function textsAfter(reply: JoinReply): number {
  return reply.ok && reply.state.kind === 'keyframe' ? (reply.state.following ?? 0) : 0;
}

/** Puts the texts that followed a welcome back into its keyframe. */
export function withTexts(keyframe: Keyframe, texts: ReadonlyMap<FileId, string>): Keyframe {
  return {
    ...keyframe,
    files: keyframe.files.map((file) => ({ ...file, text: texts.get(file.id) ?? file.text })),
  };
}

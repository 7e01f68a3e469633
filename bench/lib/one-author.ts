/** What two people wrote at once, as one of them could have written it: the same edits, one after the other. */
import { type Op, replace, toEdits, transform } from '@codesync/ot';
import type { Edit, Pair, Solo } from './session.ts';

/**
 * The edits of a pair in the order of their turns, each carried over what its author had not seen. An edit that
 * the other has made already falls away, and one that the other has written into becomes several.
 */
export function byOneAuthor({ name, turns }: Pair): Solo {
  /** For each person: the other's edits that they have not seen, and how many they have. */
  const unseen: readonly [Op[], Op[]] = [[], []];
  const seen: [number, number] = [0, 0];
  const edits: Edit[] = [];
  let end = '';
  for (const { person, known, at, remove, insert } of turns) {
    const others = unseen[person];
    others.splice(0, Math.max(0, known - seen[person]));
    seen[person] = Math.max(seen[person], known);
    let op = replace(at, remove, insert);
    for (let i = 0; i < others.length; i++) {
      const other = others[i]!;
      others[i] = transform(other, op, 'right');
      op = transform(op, other, 'left');
    }
    unseen[person === 0 ? 1 : 0].push(op);
    // From the last to the first, so that each is at its place when its turn comes.
    for (const edit of toEdits(op).reverse()) {
      edits.push(edit);
      end = end.slice(0, edit.at) + edit.insert + end.slice(edit.at + edit.remove);
    }
  }
  return { name: `${name} by one author`, start: '', edits, end };
}

// A place that somebody asked this person to come to, kept at its line while all type.
import { transformPosition } from '@codesync/ot';
import type { Point } from '@codesync/protocol';
import type { RoomSource } from '../../room-source/types.ts';

type KeptPoint = {
  /** The line, from 1, that the place is in now. */
  readonly line: () => number;
  /** Keeps it from now on; `moved` is called after each change of its file. Returns the way to stop. */
  readonly follow: (moved: () => void) => () => void;
};

/** A place that is not known any more is the beginning of its file. */
export function keepPoint(source: Pick<RoomSource, 'pointOf' | 'text' | 'onTexts'>, place: Point): KeptPoint {
  let at = source.pointOf(place) ?? 0;
  return {
    line: () => (source.text(place.file) ?? '').slice(0, at).split('\n').length,
    follow: (moved) =>
      source.onTexts(({ file, op }) => {
        if (file !== place.file) return;
        if (op !== null) at = transformPosition(at, op, 'left');
        moved();
      }),
  };
}

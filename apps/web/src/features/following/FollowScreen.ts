import { useEffect } from 'react';
import { followingOf, useFollowing } from '../../desk/following.ts';
import { useActiveFile, useDesk } from '../../desk/hooks.tsx';
import { useLive, useRoom } from '../../desk/room.tsx';
import { goAlong } from './along.ts';
import { onOwnMove } from './own-moves.ts';

/** Keeps this screen with the one that is followed, and ends that with this person's own first move. */
export function FollowScreen() {
  const desk = useDesk();
  const following = followingOf(desk);
  const leading = useLive((view) => view.leading);
  const you = useRoom((view) => view.you?.id ?? null);
  const ready = useRoom((view) => view.ready);
  const who = useFollowing(({ now }) => now?.who ?? null);
  useEffect(() => {
    if (you !== null && ready) following.take({ kind: 'leading', leading, self: you });
  }, [following, leading, you, ready]);
  useEffect(() => {
    if (who === null || you === null) return;
    const along = goAlong(desk, you, who);
    const stopMoves = onOwnMove(desk, along.brought, () => following.stop());
    return () => {
      along.stop();
      stopMoves();
    };
  }, [desk, following, who, you]);
  usePictureInSight();
  return null;
}

/** The editor says what is in sight of a text; a file that is no text is in sight as a whole. */
function usePictureInSight(): void {
  const { source } = useDesk();
  const active = useActiveFile();
  const picture = active !== undefined && active.blob !== null ? active.id : null;
  useEffect(() => {
    if (picture === null) return;
    source.setSight({ file: picture, from: 0, to: 0 });
    return () => source.setSight(null);
  }, [source, picture]);
}

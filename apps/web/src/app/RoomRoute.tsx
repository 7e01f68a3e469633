import { type ParticipantId, RoomId } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useIdentity } from '../features/identity/identity.ts';
import { secretIn } from '../link.ts';
import { openLiveRoom } from '../room-source/live.ts';
import type { RoomSource } from '../room-source/types.ts';
import { MessagePage } from '../ui/MessagePage.tsx';
import { FEATURES } from './features.ts';
import { JoinPage } from './JoinPage.tsx';
import { RoomScreen } from './RoomScreen.tsx';

/** `/r/:id`: asks for a name where there is none, then opens the room. */
export default function RoomRoute({ id }: { id: string }) {
  const identity = useIdentity((store) => store.identity);

  const room = RoomId.safeParse(id);
  if (!room.success) {
    return (
      <MessagePage
        title="This is not a room’s address"
        actions={
          <Link href="/" className="font-medium text-accent hover:underline">
            Go to the start page
          </Link>
        }
      >
        Part of the link may have been cut off. Ask for it again, and copy all of it.
      </MessagePage>
    );
  }
  if (identity.kind === 'unknown') return <JoinPage key={id} room={id} suggestion={identity.suggestion} />;
  return identity.kind === 'known' ? <LiveRoom key={id} id={room.data} you={identity.id} /> : null;
}

type LiveRoomProps = {
  id: RoomId;
  /** Null: not known. */
  you: ParticipantId | null;
};

function LiveRoom({ id, you }: LiveRoomProps) {
  const [source, setSource] = useState<RoomSource | null>(null);
  // As it is when the room is opened: to be told later who this is opens no other room.
  const [participant] = useState(you);
  const load = useIdentity((store) => store.load);

  useEffect(() => {
    const opened = openLiveRoom({ room: id, secret: secretIn(location.hash), participant });
    setSource(opened);
    const unsubscribe = opened.subscribe(() => {
      const { connection, notices } = opened.view();
      // Once in, the cookie admits: the secret need not stay where shoulders and histories see it.
      if (connection.kind === 'online' && location.hash !== '') {
        history.replaceState(history.state, '', location.pathname);
      }
      // The server does not know who this is any more, so the name is asked for again. Notices hold text that can only
      // be copied, so they are not covered.
      const isUnknown = connection.kind === 'closed' && connection.error.code === 'identity.required';
      if (isUnknown && notices.length === 0) void load();
    });
    return () => {
      unsubscribe();
      opened.close();
    };
  }, [id, participant, load]);

  return source === null ? null : <RoomScreen source={source} features={FEATURES} />;
}

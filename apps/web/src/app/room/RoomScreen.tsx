import { useEffect } from 'react';
import { ClosedPage } from '../../features/connection/ClosedPage.tsx';
import { openingWords } from '../../features/connection/words.ts';
import { useIdentity } from '../../features/identity/identity.ts';
import type { RoomSource } from '../../room-source/types.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { TooltipProvider } from '../../ui/Tooltip.tsx';
import { askBeforeLeaving } from '../leaving.ts';
import { OpenRoom } from './OpenRoom.tsx';
import { useRecent } from './useRecent.ts';
import { useRoomView } from './useRoomView.ts';

/** A room on the screen, whichever driver feeds it, from its opening to its end. */
export function RoomScreen({ source }: { source: RoomSource }) {
  const view = useRoomView(source);
  useRecent(view);
  const load = useIdentity((store) => store.load);
  const { room, connection } = view;

  useEffect(() => {
    document.title = room.name === '' ? 'CodeSync' : `${room.name} · CodeSync`;
  }, [room.name]);

  useEffect(
    () =>
      askBeforeLeaving(() => {
        const { save } = source.view();
        return save.kind !== 'saved' && !save.kept;
      }),
    [source],
  );

  if (connection.kind === 'closed')
    return (
      <ClosedPage
        error={connection.error}
        save={source.view().save}
        unsent={view.notices}
        onIdentify={() => void load()}
      />
    );
  if (!view.ready) return <Opening words={openingWords(connection)} />;
  return (
    <TooltipProvider>
      <OpenRoom source={source} view={view} />
    </TooltipProvider>
  );
}

function Opening({ words }: { words: string }) {
  return (
    <main className="flex h-full items-center justify-center bg-surface-1 p-5">
      <p role="status" className="flex animate-fade items-center gap-2.5 text-ink-2">
        <Spinner />
        {words}
      </p>
    </main>
  );
}

import { useEffect } from 'react';
import type { Feature } from '../desk/feature.ts';
import { RoomProvider, useLive, useRoom, useSource } from '../desk/room.tsx';
import { ClosedPage } from '../features/connection/ClosedPage.tsx';
import { openingWords } from '../features/connection/words.ts';
import { useIdentity } from '../features/identity/identity.ts';
import type { RoomSource } from '../room-source/types.ts';
import { Spinner } from '../ui/Spinner.tsx';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { askBeforeLeaving } from './leaving.ts';
import { OpenRoom } from './room/OpenRoom.tsx';

type RoomScreenProps = { source: RoomSource; features: readonly Feature[] };

/** A room on the screen, from its opening to its end. */
export function RoomScreen({ source, features }: RoomScreenProps) {
  return (
    <RoomProvider source={source}>
      <Screen features={features} />
    </RoomProvider>
  );
}

function Screen({ features }: Pick<RoomScreenProps, 'features'>) {
  const source = useSource();
  const ready = useRoom((view) => view.ready);
  const name = useRoom(({ room }) => room.name);
  const connection = useLive((view) => view.connection);
  const notices = useLive((view) => view.notices);
  const load = useIdentity((store) => store.load);

  useEffect(() => {
    document.title = name === '' ? 'CodeSync' : `${name} · CodeSync`;
  }, [name]);

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
        unsent={notices}
        onIdentify={() => void load()}
      />
    );
  if (!ready) return <Opening words={openingWords(connection)} />;
  return (
    <TooltipProvider>
      <OpenRoom features={features} />
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

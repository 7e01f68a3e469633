import clsx from 'clsx';
import { Phone } from 'lucide-react';
import { useMemo } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useLetters, useLive, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { CallControls } from './CallControls.tsx';
import { shownOf, useCall, useCallStatus, useShown } from './state.ts';
import { TileView } from './TileView.tsx';
import { largeOf, type Tile, tilesOf } from './tiles.ts';
import { nameOf } from './words.ts';

/** The call at the foot of the page. It makes room for itself, and covers no code. */
export function CallStrip() {
  const phase = useCallStatus((status) => status.phase);
  return (
    <>
      <CallNote />
      {phase === 'in' ? <InCall /> : <Invitation />}
    </>
  );
}

function InCall() {
  const desk = useDesk();
  const tiles = useTiles();
  const letters = useLetters();
  const collapsed = useShown((state) => state.collapsed);
  const chosen = useShown((state) => state.large);
  const large = collapsed ? null : largeOf(tiles, chosen);
  const small = tiles.filter((tile) => tile !== large);
  const enlarge = ({ kind, member: { client } }: Tile) => shownOf(desk).setState({ large: { kind, client } });
  const view = (tile: Tile) => (
    <TileView
      key={`${tile.kind} ${tile.member.client}`}
      tile={tile}
      letters={letters.get(tile.member.participant)}
      large={tile === large}
      onLarge={() => (tile === large ? shownOf(desk).setState({ large: null }) : enlarge(tile))}
    />
  );
  return (
    <section aria-label="Call" className="border-line border-t bg-surface-1 px-2 py-1.5 phone:px-1.5">
      {large !== null && <ul className="mb-1.5 h-[44dvh] phone:h-[34dvh]">{view(large)}</ul>}
      <div className="flex items-end gap-3 phone:flex-col phone:items-stretch phone:gap-1">
        {collapsed ? (
          <p className="flex h-7 min-w-0 flex-1 items-center truncate text-ink-2 text-sm phone:flex-none">
            <span className="truncate">
              In the call:{' '}
              {tiles
                .filter(({ kind }) => kind === 'person')
                .map(tileName)
                .join(', ')}
            </span>
          </p>
        ) : (
          <ul className="flex h-[92px] min-w-0 flex-1 gap-1.5 overflow-x-auto p-0.5 phone:h-[72px] phone:flex-none">
            {small.map(view)}
          </ul>
        )}
        <div className={clsx('flex shrink-0 items-center justify-end phone:justify-center')}>
          <CallControls />
        </div>
      </div>
    </section>
  );
}

function tileName({ name, own }: Tile): string {
  return own ? 'you' : name;
}

function useTiles(): readonly Tile[] {
  const { source } = useDesk();
  const call = useLive((view) => view.call);
  const people = useRoom(({ room }) => room.members);
  return useMemo(() => tilesOf(call, people, source.call.client()), [call, people, source]);
}

/** What must be told of this person's part in the call. */
function CallNote() {
  const call = useCall();
  const note = useCallStatus((status) => (status.phase === 'preparing' ? null : status.note));
  const unheard = useCallStatus((status) => status.unheard);
  return (
    <>
      {note !== null && (
        <Notice
          tone={note.tone}
          onDismiss={() => call.dismiss()}
          className="animate-rise border-line border-t"
        >
          {note.text}
        </Notice>
      )}
      {unheard && (
        <Notice
          tone="warning"
          className="animate-rise border-line border-t"
          actions={<Button onClick={() => void call.turn('microphone', true)}>Unmute</Button>}
        >
          You are talking, and your microphone is off.
        </Notice>
      )}
    </>
  );
}

/** Others are in a call. Nobody has to join it. */
function Invitation() {
  const desk = useDesk();
  const members = useLive(({ call }) => call.members);
  const you = useRoom((view) => view.you?.id ?? null);
  const people = useRoom(({ room }) => room.members);
  const passedOver = useShown((state) => state.passedOver);
  const others = members.filter(({ participant }) => participant !== you);
  const [first] = others;
  if (first === undefined || passedOver === first.joinedAt) return null;
  const names = others.map((member) => nameOf(people, member));
  return (
    <Notice
      tone="info"
      className="border-line border-t"
      spoken={`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} in a call.`}
      onDismiss={() => shownOf(desk).setState({ passedOver: first.joinedAt })}
      actions={
        <Button icon={<Phone size={14} strokeWidth={1.5} />} onClick={() => desk.openDialog('call')}>
          Join
        </Button>
      }
    >
      {names.join(', ')} {names.length === 1 ? 'is' : 'are'} in a call.
    </Notice>
  );
}

import clsx from 'clsx';
import { Maximize2, MicOff, Minimize2, MonitorUp, TriangleAlert } from 'lucide-react';
import { useRoom } from '../../desk/room.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Video } from './Media.tsx';
import { useCall, useCallStatus } from './state.ts';
import type { Tile } from './tiles.ts';
import { tileWords, wayWords } from './words.ts';

type TileViewProps = {
  tile: Tile;
  letters: string | undefined;
  large: boolean;
  onLarge: () => void;
};

/** Somebody in the call, or their screen. */
export function TileView({ tile, letters, large, onLarge }: TileViewProps) {
  const { kind, member, name, hue, own } = tile;
  const { client, participant } = member;
  const call = useCall();
  const mayMute =
    useRoom(({ you }) => you?.role === 'host') && !own && kind === 'person' && member.microphone;
  const relay = useCallStatus((status) => status.relay);
  const peer = useCallStatus((status) => status.peers.get(client));
  const media = kind === 'screen' ? 'screen' : 'camera';
  const ownTrack = useCallStatus((status) => status.tracks[media]);
  const speaking = useSpeaking(own, participant) && member.microphone && kind === 'person';
  const way = own ? null : wayWords(name, peer, relay);
  const track = own ? ownTrack : peer?.tracks[media];
  const seen = member[media] && track !== undefined && (own || peer?.state !== 'connecting');
  const title = kind === 'screen' ? (own ? 'Your screen' : `${name}’s screen`) : own ? 'You' : name;
  return (
    <li
      aria-label={kind === 'screen' ? title : tileWords(name, member, own)}
      data-speaking={speaking || undefined}
      data-way={own ? undefined : (peer?.state ?? 'connecting')}
      className={clsx(
        'group relative shrink-0 overflow-hidden rounded-md border bg-surface-2',
        large ? 'size-full' : 'aspect-video h-full',
        speaking ? 'border-accent ring-2 ring-accent' : 'border-line',
      )}
    >
      {seen ? (
        <Video
          track={track}
          label={title}
          mirrored={own && kind === 'person'}
          whole={large || kind === 'screen'}
        />
      ) : (
        <span className="flex size-full items-center justify-center pb-3">
          {kind === 'screen' ? (
            <MonitorUp size={20} strokeWidth={1.5} className="text-ink-3" />
          ) : (
            <Avatar name={name} letters={letters} hue={hue} size="md" />
          )}
        </span>
      )}
      <span className="absolute inset-x-1 bottom-1 flex min-w-0">
        <span className="inline-flex min-w-0 items-center gap-1 rounded-sm bg-surface-0/90 px-1 text-2xs text-ink-1 dark:bg-surface-1/90">
          {kind === 'person' && !member.microphone && (
            <MicOff aria-hidden="true" size={11} strokeWidth={2} className="shrink-0 text-danger" />
          )}
          <span className="truncate">{title}</span>
        </span>
      </span>
      {way !== null && (
        <span
          title={way.long}
          role="img"
          aria-label={way.long}
          className="absolute top-1 left-1 inline-flex max-w-[calc(100%-8px)] items-center gap-1 rounded-sm bg-warning-soft px-1 text-2xs text-warning"
        >
          <TriangleAlert aria-hidden="true" size={11} strokeWidth={2} className="shrink-0" />
          <span aria-hidden="true" className="truncate">
            {way.short}
          </span>
        </span>
      )}
      <span className="absolute top-0.5 right-0.5 flex gap-0.5 rounded-md bg-surface-0/85 opacity-0 transition-opacity duration-120 focus-within:opacity-100 group-hover:opacity-100 dark:bg-surface-1/85 [@media(hover:none)]:bg-transparent! [@media(hover:none)]:opacity-100 [@media(hover:none)]:[&_button]:text-white [@media(hover:none)]:[&_svg]:drop-shadow-[0_0_2px_#000]">
        {mayMute && (
          <IconButton label={`Mute ${name}`} className="phone:size-9" onClick={() => void call.mute(client)}>
            <MicOff size={14} strokeWidth={1.5} />
          </IconButton>
        )}
        {seen && (
          <IconButton
            label={large ? `Make ${title} small` : `Make ${title} large`}
            className="phone:size-9"
            onClick={onLarge}
          >
            {large ? <Minimize2 size={14} strokeWidth={1.5} /> : <Maximize2 size={14} strokeWidth={1.5} />}
          </IconButton>
        )}
      </span>
    </li>
  );
}

function useSpeaking(own: boolean, participant: Tile['member']['participant']): boolean {
  const here = useCallStatus(({ speaking }) => speaking);
  const there = useRoom(({ activities }) => activities.get(participant)?.speaking === true);
  return own ? here : there;
}

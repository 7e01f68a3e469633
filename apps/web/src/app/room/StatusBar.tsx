import { LANGUAGES, languageOf } from '@codesync/protocol';
import { useStore } from 'zustand';
import { connectionWords } from '../../features/connection/words.ts';
import { wayWords } from '../../features/status/words.ts';
import type { RoomView } from '../../room-source/types.ts';
import type { PlaceStore } from './cursor-place.ts';

type StatusBarProps = {
  view: Pick<RoomView, 'connection'>;
  path: string | null;
  place: PlaceStore;
  tabSize: number;
  here: number;
  onStatus: () => void;
};

/** One quiet line of facts at the foot of the page. */
export function StatusBar({ view, path, place, tabSize, here, onStatus }: StatusBarProps) {
  const language = path === null ? null : languageOf(path);
  const { connection } = view;
  const rtt = connection.kind === 'online' ? connection.rttMs : null;
  const polls = connection.kind === 'online' && connection.way === 'polling';
  const detour = polls ? `, over ${wayWords(connection)!.label}` : '';
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 border-line border-t bg-surface-1 px-3 text-2xs text-ink-2 tabular-nums">
      {path !== null && <span>{language === null ? 'Plain text' : LANGUAGES[language].label}</span>}
      {path !== null && <Place store={place} />}
      {path !== null && <span>Spaces {tabSize}</span>}
      <span className="flex-1" />
      <span>{here} here</span>
      <button
        type="button"
        title={`Time to the server and back${detour}. Press for the status.`}
        aria-label={rtt === null ? 'Status' : `Status: ${Math.round(rtt)} ms to the server and back${detour}`}
        data-way={connection.kind === 'online' ? connection.way : undefined}
        onClick={onStatus}
        className="-mx-1.5 h-5 min-w-13 rounded-sm px-1.5 text-right hover:bg-surface-2 hover:text-ink-1"
      >
        {rtt === null ? '–' : `${Math.round(rtt)} ms`}
        {polls && ' · HTTP'}
      </button>
      <span role="status" data-connection={connection.kind} className="min-w-[72px] text-right">
        {connectionWords(connection)}
      </span>
    </footer>
  );
}

function Place({ store }: { store: PlaceStore }) {
  const { place } = useStore(store);
  if (place === null) return null;
  return (
    <span>
      Ln {place.line}, Col {place.column}
      {place.selected > 0 && ` (${place.selected} selected)`}
    </span>
  );
}

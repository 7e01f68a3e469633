import { useDesk } from '../../desk/hooks.tsx';
import { useLive } from '../../desk/room.tsx';
import { wayWords } from './words.ts';

/** The time to the server and back; opens the status. */
export function StatusButton() {
  const desk = useDesk();
  const connection = useLive((view) => view.connection);
  const rtt = connection.kind === 'online' ? connection.rttMs : null;
  const polls = connection.kind === 'online' && connection.way === 'polling';
  const detour = polls ? `, over ${wayWords(connection)!.label}` : '';
  return (
    <button
      type="button"
      title={`Time to the server and back${detour}. Press for the status.`}
      aria-label={rtt === null ? 'Status' : `Status: ${Math.round(rtt)} ms to the server and back${detour}`}
      data-way={connection.kind === 'online' ? connection.way : undefined}
      onClick={() => desk.openDialog('status')}
      className="-mx-1.5 h-5 min-w-13 rounded-sm px-1.5 text-right hover:bg-surface-2 hover:text-ink-1"
    >
      {rtt === null ? '–' : `${Math.round(rtt)} ms`}
      {polls && ' · HTTP'}
    </button>
  );
}

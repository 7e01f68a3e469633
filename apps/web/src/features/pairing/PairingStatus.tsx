import type { PairTimer } from '@codesync/protocol';
import { ShipWheel, Timer } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { useDriver, useLeft } from './hooks.ts';
import { clockWords } from './words.ts';

const ICON = { size: 12, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** In the line of facts: who drives, and what is left of the timer. It opens the people, where both are changed. */
export function PairingStatus() {
  const desk = useDesk();
  const driver = useDriver();
  const timer = useRoom(({ room }) => room.timer);
  const you = useRoom((view) => view.you?.id ?? null);
  if (driver === null && timer === null) return null;
  return (
    <button
      type="button"
      onClick={() => desk.show('people')}
      className="inline-flex max-w-72 items-center gap-3 rounded-sm hover:text-ink-1"
    >
      {driver !== null && (
        <span className="inline-flex min-w-0 items-center gap-1">
          <ShipWheel {...ICON} />
          <span className="truncate">{driver.id === you ? 'You drive' : `${driver.name} drives`}</span>
        </span>
      )}
      {timer !== null && <Left timer={timer} />}
    </button>
  );
}

function Left({ timer }: { timer: PairTimer }) {
  const left = useLeft(timer);
  const { kind } = timer.state;
  return (
    <span role="timer" className="inline-flex items-center gap-1">
      <Timer {...ICON} />
      {kind === 'ended' ? 'Time is up' : clockWords(left)}
      {kind === 'paused' && ' paused'}
    </span>
  );
}

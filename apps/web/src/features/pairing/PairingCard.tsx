import type { PairTimer } from '@codesync/protocol';
import { Ellipsis, Pause, Play, ShipWheel, Timer, X } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu, MenuHeading, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { candidates, MINUTES, maySeat, seat, startTimer } from './acts.ts';
import { useDriver, useLeft } from './hooks.ts';
import { TIMER } from './TimerDialog.tsx';
import { clockWords, minutesWords } from './words.ts';

const ICON = { size: 16, strokeWidth: 1.5, 'aria-hidden': true, className: 'shrink-0 text-ink-3' } as const;

const HAND_OVER = 'Hand over the driver’s seat';
const MORE =
  'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-surface-2 hover:text-ink-1 phone:size-11';

/** Above the list of people: who drives, and the timer. Nothing for somebody who is alone, or only views where there is neither. */
export function PairingCard() {
  const may = useMay('driver.set');
  const driver = useDriver();
  const timer = useRoom(({ room }) => room.timer);
  const others = useRoom(({ room }) => [...room.members.values()].filter(({ here }) => here).length > 1);
  if (driver === null && timer === null && !(may && others)) return null;
  return (
    <section aria-label="Pairing" className="mx-2 mb-2 rounded-md border border-line px-2.5 py-1">
      <DriverLine />
      {(may || timer !== null) && <TimerLine timer={timer} />}
    </section>
  );
}

function DriverLine() {
  const desk = useDesk();
  const driver = useDriver();
  const you = useRoom((view) => view.you?.id ?? null);
  const members = useRoom(({ room }) => room.members);
  // How the timer is decides who may take the seat.
  useRoom(({ room }) => room.timer);
  const yours = driver !== null && driver.id === you;
  const able = candidates({ members, driver: driver?.id ?? null }).filter(({ id }) => maySeat(desk, id));
  const takes = you !== null && able.some(({ id }) => id === you);
  const others = able.filter(({ id }) => id !== you);
  // Whoever gives the seat to others takes it from somebody in the same list.
  const drives = takes && (driver === null || others.length === 0);
  const listed = drives ? others : able;
  const mayEmpty = maySeat(desk, null);
  return (
    <div className="flex min-h-8 items-center gap-2 phone:min-h-12">
      <ShipWheel {...ICON} />
      <p className="min-w-0 flex-1 truncate">
        {driver === null ? 'Nobody drives' : yours ? 'You drive' : `${driver.name} drives`}
      </p>
      {drives && <Button onClick={() => void seat(desk, you)}>Drive</Button>}
      {(listed.length > 0 || mayEmpty) && (
        <Menu
          align="end"
          trigger={
            drives ? (
              <button type="button" aria-label={HAND_OVER} className={MORE}>
                <Ellipsis size={16} strokeWidth={1.5} aria-hidden="true" />
              </button>
            ) : (
              <Button aria-label={HAND_OVER}>Hand over</Button>
            )
          }
        >
          <MenuHeading>Who drives</MenuHeading>
          {listed.map(({ id, name }) => (
            <MenuItem key={id} onSelect={() => void seat(desk, id)}>
              {id === you ? `${name} (you)` : name}
            </MenuItem>
          ))}
          {mayEmpty && (
            <>
              {listed.length > 0 && <MenuLine />}
              <MenuItem onSelect={() => void seat(desk, null)}>Nobody</MenuItem>
            </>
          )}
        </Menu>
      )}
    </div>
  );
}

function TimerLine({ timer }: { timer: PairTimer | null }) {
  return (
    <div className="flex min-h-8 items-center gap-2 phone:min-h-12">
      <Timer {...ICON} />
      {timer === null ? <NoTimer /> : <SomeTimer timer={timer} />}
    </div>
  );
}

function NoTimer() {
  const desk = useDesk();
  return (
    <>
      <p className="min-w-0 flex-1 truncate text-ink-2">No timer</p>
      <Menu align="end" trigger={<Button aria-label="Start a timer">Start</Button>}>
        <MenuHeading>Swap after</MenuHeading>
        {MINUTES.map((minutes) => (
          <MenuItem key={minutes} onSelect={() => void startTimer(desk, minutes)}>
            {minutesWords(minutes)}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => desk.openDialog(TIMER)}>Another time…</MenuItem>
      </Menu>
    </>
  );
}

function SomeTimer({ timer }: { timer: PairTimer }) {
  const desk = useDesk();
  const may = useMay('timer.stop');
  const left = useLeft(timer);
  const { kind } = timer.state;
  return (
    <>
      <p role="timer" className="min-w-0 flex-1 truncate tabular-nums">
        {kind === 'ended' ? 'Time is up' : `${clockWords(left)} left`}
        {kind === 'paused' && <span className="text-ink-3"> · paused</span>}
      </p>
      {may && kind === 'running' && (
        <IconButton label="Pause the timer" onClick={() => void desk.send({ kind: 'timer.pause' })}>
          <Pause size={16} strokeWidth={1.5} />
        </IconButton>
      )}
      {may && kind === 'paused' && (
        <IconButton label="Go on with the timer" onClick={() => void desk.send({ kind: 'timer.resume' })}>
          <Play size={16} strokeWidth={1.5} />
        </IconButton>
      )}
      {may && (
        <IconButton label="Stop the timer" onClick={() => void desk.send({ kind: 'timer.stop' })}>
          <X size={16} strokeWidth={1.5} />
        </IconButton>
      )}
    </>
  );
}

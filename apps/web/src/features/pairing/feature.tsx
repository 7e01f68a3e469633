import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { candidates, maySeat, seat } from './acts.ts';
import { PairingCard } from './PairingCard.tsx';
import { PairingStatus } from './PairingStatus.tsx';
import { TIMER, TimerDialog } from './TimerDialog.tsx';
import { TimeUpStrip } from './TimeUpStrip.tsx';

/** Commands that there is one of for each person come behind the others of their section. */
const EACH_SEAT = 3_000;

function commands(desk: Desk): readonly Command[] {
  const { room, you } = desk.view();
  const timer = room.timer?.state.kind ?? null;
  const drives = you !== null && room.driver === you.id;
  const section = 'People';
  return [
    {
      id: 'driver.take',
      title: drives ? 'Leave the driver’s seat' : 'Take the driver’s seat',
      section,
      order: 40,
      enabled: you !== null && maySeat(desk, drives ? null : you.id),
      run: () => {
        if (you !== null) void seat(desk, drives ? null : you.id);
      },
    },
    {
      id: 'timer.start',
      title: 'Start a timer…',
      section,
      order: 50,
      enabled: desk.may('timer.start') && (timer === null || timer === 'ended'),
      run: () => desk.openDialog(TIMER),
    },
    {
      id: 'timer.pause',
      title: timer === 'paused' ? 'Go on with the timer' : 'Pause the timer',
      section,
      order: 60,
      enabled: desk.may('timer.pause') && (timer === 'running' || timer === 'paused'),
      run: () => void desk.send({ kind: timer === 'paused' ? 'timer.resume' : 'timer.pause' }),
    },
    {
      id: 'timer.stop',
      title: 'Stop the timer',
      section,
      order: 70,
      enabled: desk.may('timer.stop') && timer !== null,
      run: () => void desk.send({ kind: 'timer.stop' }),
    },
    ...candidates(room)
      .filter(({ id }) => id !== you?.id)
      .map(
        ({ id, name }, i) =>
          ({
            id: `driver.${id}`,
            title: `Hand the driver’s seat to ${name}`,
            section,
            order: EACH_SEAT + i,
            enabled: maySeat(desk, id),
            run: () => void seat(desk, id),
          }) as const,
      ),
  ];
}

/** The driver's seat, and the timer that says when to swap. */
export const pairing: Feature = {
  status: [{ place: 'end', order: 5, Content: PairingStatus }],
  notes: [
    { place: 'strip', order: 16, Content: TimeUpStrip },
    { place: 'people', order: 10, Content: PairingCard },
  ],
  dialogs: [{ id: TIMER, Content: TimerDialog }],
  commands,
};

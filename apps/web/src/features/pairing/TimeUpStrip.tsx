import type { PairTimer } from '@codesync/protocol';
import { nextDriver } from '@codesync/room';
import { useDesk } from '../../desk/hooks.tsx';
import { useMay, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { maySeat, startTimer, swap } from './acts.ts';
import { minutesWords } from './words.ts';

/** Above the code when the time of the timer is up: who drives next, with one press. */
export function TimeUpStrip() {
  const timer = useRoom(({ room }) => room.timer);
  return timer?.state.kind === 'ended' ? <TimeUp timer={timer} /> : null;
}

function TimeUp({ timer: { minutes } }: { timer: PairTimer }) {
  const desk = useDesk();
  const may = useMay('timer.stop');
  const you = useRoom((view) => view.you?.id ?? null);
  const next = useRoom(({ room }) => {
    const id = nextDriver(room);
    return id === null ? null : (room.members.get(id) ?? null);
  });
  const turn =
    next === null ? '' : next.id === you ? ' It is your turn to drive.' : ` ${next.name} drives next.`;
  const swaps = next !== null && maySeat(desk, next.id);
  return (
    <Notice
      tone="warning"
      actions={
        may && (
          <>
            {swaps && (
              <Button variant="primary" onClick={() => void swap(desk, minutes)}>
                Swap
              </Button>
            )}
            <Button onClick={() => void startTimer(desk, minutes)}>Go on</Button>
            <Button onClick={() => void desk.send({ kind: 'timer.stop' })}>Done</Button>
          </>
        )
      }
      className="border-line border-b"
    >
      Time is up after {minutesWords(minutes)}.{turn}
    </Notice>
  );
}

import type { Summons } from '@codesync/protocol';
import { useEffect, useState } from 'react';
import { followingOf } from '../../desk/following.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { useLive, useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { keepPoint } from './point.ts';

/** Above the code: somebody asks this person to come to a line. They go there, or do not. */
export function SummonsStrip() {
  const summons = useLive((view) => view.summons);
  const [answered, setAnswered] = useState(0);
  if (summons === null || summons.number <= answered) return null;
  return <Asked key={summons.number} summons={summons} onAnswer={() => setAnswered(summons.number)} />;
}

function Asked({ summons, onAnswer }: { summons: Summons; onAnswer: () => void }) {
  const desk = useDesk();
  const { by, place } = summons;
  const name = useRoom(({ room }) => room.members.get(by)?.name);
  const path = useRoom(({ room }) => room.files.get(place.file)?.path);
  const [point] = useState(() => keepPoint(desk.source, place));
  const [line, setLine] = useState(point.line);
  useEffect(() => {
    const stop = point.follow(() => setLine(point.line()));
    return stop;
  }, [point]);
  if (name === undefined || path === undefined) return null;
  const go = () => {
    followingOf(desk).stop();
    desk.reveal(place.file, { line: point.line() });
    onAnswer();
  };
  return (
    <Notice
      tone="info"
      spoken={`${name} asks you to come to ${path}, line ${line}.`}
      actions={
        <>
          <Button variant="primary" onClick={go}>
            Go
          </Button>
          <Button onClick={onAnswer}>Not now</Button>
        </>
      }
      className="border-line border-b"
    >
      {name} asks you to come to {path}, line {line}.
    </Notice>
  );
}

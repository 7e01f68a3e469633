import { useEffect } from 'react';
import type { Placed } from '../../desk/feature.ts';
import { useDesk, useDeskState } from '../../desk/hooks.tsx';
import { useLive } from '../../desk/room.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { At, type Slots } from './slots.tsx';

/** Among what features say there. */
const OWN: readonly Placed<'foot'>[] = [
  { place: 'foot', order: 20, Content: LastAnswer },
  { place: 'foot', order: 30, Content: Problems },
];

/**
 * What must be said at the foot of the page. It makes room for itself, and covers nothing; only the answer to a key,
 * which goes by itself, lies over what is there.
 */
export function Foot({ notes }: Pick<Slots, 'notes'>) {
  const items = [...notes, ...OWN].sort((a, b) => a.order - b.order);
  return (
    <div className="shrink-0">
      <At items={items} place="foot" />
    </div>
  );
}

/** How long an answer stays that needs nothing more to be done. */
const READ_MS = 4_000;

/** The answer to what was pressed last. */
function LastAnswer() {
  const desk = useDesk();
  const said = useDeskState((state) => state.said);
  const tone = useLive((view) => said?.answer(view).tone);
  const text = useLive((view) => said?.answer(view).text);
  const stays = useLive((view) => said?.answer(view).stays);
  useEffect(() => {
    if (said === null || stays) return;
    const timer = setTimeout(desk.saidEnough, READ_MS);
    return () => clearTimeout(timer);
  }, [desk, said, stays]);
  if (tone === undefined) return null;
  return (
    <div data-layer="over" className="absolute inset-x-0 bottom-0 z-20">
      <Notice tone={tone} className="animate-rise border-line border-t">
        {text}
      </Notice>
    </div>
  );
}

/** Refusals that belong to no single control. */
function Problems() {
  const { dismiss } = useDesk();
  return useDeskState((state) => state.problems).map(({ id, message }) => (
    <Notice
      key={id}
      tone="danger"
      onDismiss={() => dismiss(id)}
      className="animate-rise border-line border-t"
    >
      {message}
    </Notice>
  ));
}

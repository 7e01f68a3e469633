import { Fragment } from 'react';
import { useDesk, useSeenPanels } from '../../desk/hooks.tsx';
import { useLetters, useLive, useRoom } from '../../desk/room.tsx';
import { shown as keysShown } from '../../desk/shortcuts.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { useMediaQuery } from '../../ui/hooks.ts';
import { Tooltip } from '../../ui/Tooltip.tsx';
import { useHere } from './useHere.ts';
import { hereWords, namesOf } from './words.ts';

/** Keys that open and close the people panel. */
export const PEOPLE_KEYS = 'alt+p';

const SHOWN = 4;
/** Where the header is short of room. */
const SHOWN_NARROW = 2;

/** Who is here, at a glance; opens and closes the people panel. */
export function AvatarStack() {
  const desk = useDesk();
  const people = useHere();
  const letters = useLetters();
  const lost = useLive((view) => view.lost);
  const driver = useRoom(({ room }) => room.driver);
  const open = useSeenPanels().has('people');
  const shown = useMediaQuery('(width < 900px)') ? SHOWN_NARROW : SHOWN;
  const more = people.length - shown;
  const drives = people.find(({ id }) => id === driver);
  const words = `${hereWords(people, lost)}${drives === undefined ? '' : `, ${drives.name} drives`}`;
  const someLost = people.some(({ id }) => lost.has(id));
  return (
    <Tooltip
      content={people.length === 0 ? 'People' : someLost ? words : namesOf(people)}
      shortcut={keysShown(PEOPLE_KEYS, desk.mac)}
    >
      <button
        type="button"
        aria-label={words}
        aria-expanded={open}
        onClick={() => desk.toggle('people')}
        className="inline-flex h-8 items-center gap-0.5 rounded-md px-1.5 hover:bg-surface-2"
      >
        {people.slice(0, shown).map((person) => (
          <Fragment key={person.id}>
            <Avatar
              name={person.name}
              letters={letters.get(person.id)}
              hue={person.hue}
              lost={lost.has(person.id)}
            />
            {person.id === driver && (
              <span className="rounded-sm border border-line-strong px-0.5 text-[10px] text-ink-2 leading-4">
                drives
              </span>
            )}
          </Fragment>
        ))}
        {more > 0 && (
          <span className="inline-flex size-6 items-center justify-center rounded-full bg-surface-3 font-semibold text-[10px] text-ink-1">
            +{more}
          </span>
        )}
      </button>
    </Tooltip>
  );
}

import type { Member } from '@codesync/protocol';
import clsx from 'clsx';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useLetters, useRoom } from '../../desk/room.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { MENU_SURFACE } from '../../ui/Menu.tsx';
import { peopleFor, typedName } from './mentions.ts';

const OFFERED = 6;

export type Mentions = {
  /** What is typed of a name, and where it begins; null: none is typed. */
  readonly typed: ReturnType<typeof typedName>;
  /** Who may be meant. */
  readonly found: readonly Member[];
  readonly chosen: number;
  /** True when the key belonged to the list. */
  readonly onKey: (event: KeyboardEvent, pick: (name: string) => void) => boolean;
};

/** Who may be meant by the name that is typed at `caret`. */
export function useMentions(draft: string, caret: number, active: boolean): Mentions {
  const members = useRoom(({ room }) => room.members);
  const you = useRoom((view) => view.you?.id);
  const typed = useMemo(() => (active ? typedName(draft.slice(0, caret)) : null), [active, draft, caret]);
  /** Where a list begins that was closed. */
  const [closed, setClosed] = useState<number | null>(null);
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    if (typed === null || typed.from === closed) return [];
    const others = [...members.values()].filter(({ id, removed }) => id !== you && !removed);
    return peopleFor(typed.name, others).slice(0, OFFERED);
  }, [typed, closed, members, you]);
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  if (typed === null && closed !== null) setClosed(null);
  const onKey: Mentions['onKey'] = (event, pick) => {
    if (found.length === 0) return false;
    if (event.key === 'ArrowDown') setAt((chosen + 1) % found.length);
    else if (event.key === 'ArrowUp') setAt((chosen + found.length - 1) % found.length);
    else if (event.key === 'Escape') setClosed(typed!.from);
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') pick(found[chosen]!.name);
    else return false;
    event.preventDefault();
    return true;
  };
  return { typed, found, chosen, onKey };
}

type MentionListProps = { id: string; people: Mentions; onPick: (name: string) => void };

/** The people who may be meant, above what is typed. The keys stay with the field. */
export function MentionList({ id, people: { found, chosen }, onPick }: MentionListProps) {
  const letters = useLetters();
  if (found.length === 0) return null;
  return (
    <div
      id={id}
      role="listbox"
      aria-label="People to name"
      className={clsx(MENU_SURFACE, 'absolute bottom-full left-0 mb-1 w-full')}
    >
      {found.map(({ id: who, name, hue, here }, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
        <div
          key={who}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(name)}
          className={clsx(
            'flex h-8 cursor-default items-center gap-2 rounded-sm px-2 text-sm hover:bg-surface-2 phone:h-11',
            i === chosen && 'bg-surface-2',
          )}
        >
          <Avatar name={name} letters={letters.get(who)} hue={hue} here={here} size="sm" />
          <span className="truncate">{name}</span>
        </div>
      ))}
    </div>
  );
}

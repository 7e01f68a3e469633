import type { ParticipantId } from '@codesync/protocol';
import clsx from 'clsx';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { react } from './acts.ts';
import { REACTION_NAMES } from './reaction-names.ts';
import type { ShownMessage } from './shown.ts';

type ReactionsProps = { message: ShownMessage; you: ParticipantId | null };

/** What people set under a message, and how many each; a press sets one's own, or takes it away. */
export function Reactions({ message, you }: ReactionsProps) {
  const desk = useDesk();
  const members = useRoom(({ room }) => room.members);
  if (message.reactions.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-1">
      {message.reactions.map(({ reaction, by }) => {
        const mine = you !== null && by.includes(you);
        const names = by.map((who) => members.get(who)?.name ?? 'Someone').join(', ');
        return (
          <button
            key={reaction}
            type="button"
            aria-pressed={mine}
            title={names}
            onClick={() => react(desk, message.id, reaction, !mine)}
            className={clsx(
              'inline-flex h-6 items-center gap-1 rounded-full border px-2 text-xs phone:h-9',
              mine
                ? 'border-accent bg-accent-soft text-ink-1'
                : 'border-line bg-surface-0 text-ink-2 hover:border-line-strong dark:bg-surface-2',
            )}
          >
            <span>{reaction}</span>
            {by.length}
            <span className="sr-only">
              {REACTION_NAMES[reaction]}: {names}
            </span>
          </button>
        );
      })}
    </div>
  );
}

import { Reaction } from '@codesync/protocol';
import { Copy, Ellipsis, Pencil, SmilePlus, Trash2 } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { useCopy } from '../../ui/hooks.ts';
import { Menu, MenuItem, MenuLine } from '../../ui/Menu.tsx';
import { beginEdit, react } from './acts.ts';
import { withNames } from './mentions.ts';
import { REACTION_NAMES } from './reaction-names.ts';
import type { ShownMessage } from './shown.ts';

type MessageToolsProps = { message: ShownMessage; own: boolean; onDelete: () => void };

const BUTTON =
  'inline-flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-surface-2 hover:text-ink-1 data-[state=open]:bg-surface-2 phone:size-9';

/** What can be done with a message. It is seen where the pointer or the focus is. */
export function MessageTools({ message, own, onDelete }: MessageToolsProps) {
  const desk = useDesk();
  const you = useRoom((view) => view.you?.id ?? null);
  const { copy } = useCopy();
  const iconProps = { size: 16, strokeWidth: 1.5, 'aria-hidden': true } as const;
  const mine = (reaction: Reaction) =>
    you !== null && message.reactions.some((each) => each.reaction === reaction && each.by.includes(you));
  const words = () => withNames(message.text, (who) => desk.view().room.members.get(who)?.name ?? 'someone');
  return (
    <div className="absolute -top-2.5 right-2 flex rounded-md border border-line bg-surface-0 opacity-0 focus-within:opacity-100 has-[[data-state=open]]:opacity-100 group-hover:opacity-100 dark:bg-surface-1 phone:top-0 phone:right-1 phone:border-0 phone:bg-transparent! phone:opacity-100">
      <Menu
        align="end"
        trigger={
          <button type="button" aria-label="Add a reaction" className={BUTTON}>
            <SmilePlus {...iconProps} />
          </button>
        }
      >
        <div className="grid grid-cols-4">
          {Reaction.options.map((reaction) => (
            <MenuItem key={reaction} onSelect={() => react(desk, message.id, reaction, !mine(reaction))}>
              <span aria-hidden="true">{reaction}</span>
              <span className="sr-only">{REACTION_NAMES[reaction]}</span>
            </MenuItem>
          ))}
        </div>
      </Menu>
      <Menu
        align="end"
        trigger={
          <button type="button" aria-label="More for this message" className={BUTTON}>
            <Ellipsis {...iconProps} />
          </button>
        }
      >
        <MenuItem icon={<Copy {...iconProps} />} onSelect={() => void copy(words())}>
          Copy text
        </MenuItem>
        {own && (
          <>
            <MenuItem icon={<Pencil {...iconProps} />} onSelect={() => beginEdit(desk, message)}>
              Edit
            </MenuItem>
            <MenuLine />
            <MenuItem danger icon={<Trash2 {...iconProps} />} onSelect={onDelete}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
    </div>
  );
}

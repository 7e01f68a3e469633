import type { DialogProps } from '../../desk/feature.ts';
import { followingOf } from '../../desk/following.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { useLetters, useLive, useRoom } from '../../desk/room.tsx';
import { Avatar } from '../../ui/Avatar.tsx';
import { PickerDialog, PickerGroup, PickerRow } from '../../ui/PickerDialog.tsx';
import { othersHere } from './people.ts';

/** The id of the dialog. */
export const FOLLOW = 'follow';

/** Whom to follow, of those who are here. */
export function FollowDialog(props: DialogProps) {
  const desk = useDesk();
  const members = useRoom(({ room }) => room.members);
  const you = useRoom((view) => view.you?.id ?? null);
  const lost = useLive((view) => view.lost);
  const letters = useLetters();
  return (
    <PickerDialog {...props} title="Follow somebody" label="People" hint="Type a name">
      {(choose) => (
        <PickerGroup heading="Your screen goes along with theirs until you move">
          {othersHere(members.values(), you).map(({ id, name, hue }) => (
            <PickerRow
              key={id}
              value={`${name} ${letters.get(id)}`}
              onSelect={() => choose(() => followingOf(desk).follow(id))}
            >
              <Avatar name={name} letters={letters.get(id)} hue={hue} lost={lost.has(id)} />
              <span className="min-w-0 flex-1 truncate">{name}</span>
            </PickerRow>
          ))}
        </PickerGroup>
      )}
    </PickerDialog>
  );
}

import type { Member } from '@codesync/protocol';
import { useLetters } from '../../desk/room.tsx';
import { Avatar } from '../../ui/Avatar.tsx';

/** Up to three people who have their cursor in a file, then a count. */
export function PeopleHere({ people }: { people: readonly Member[] }) {
  const letters = useLetters();
  return (
    <span className="flex shrink-0 items-center gap-0.5" title={people.map(({ name }) => name).join(', ')}>
      {people.slice(0, 3).map((person) => (
        <Avatar
          key={person.id}
          name={person.name}
          letters={letters.get(person.id)}
          hue={person.hue}
          size="xs"
        />
      ))}
      {people.length > 3 && <span className="text-2xs text-ink-3">+{people.length - 3}</span>}
    </span>
  );
}

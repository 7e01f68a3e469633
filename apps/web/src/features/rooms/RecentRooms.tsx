import { LANGUAGES } from '@codesync/protocol';
import { X } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { roomPath } from '../../link.ts';
import { ago } from '../../ui/time.ts';
import { LanguageMark } from './LanguageMark.tsx';
import { forgetRoom, recentRooms, withWhom } from './recent.ts';

/** The rooms this browser was in, newest first, with who was there and when. */
export function RecentRooms() {
  const [rooms, setRooms] = useState(recentRooms);
  const [now] = useState(() => Date.now());
  if (rooms.length === 0) {
    return <p className="text-ink-3">Rooms you create or join are listed here, in this browser.</p>;
  }
  return (
    <ul className="-mx-2">
      {rooms.map((room) => (
        <li key={room.id} className="group relative flex items-center rounded-md hover:bg-surface-2">
          <Link
            href={roomPath(room.id)}
            className="flex min-w-0 flex-1 items-center gap-3 rounded-md px-2 py-1.5 phone:min-h-14"
          >
            <span className="inline-flex size-7 shrink-0 items-center justify-center rounded-md border border-line bg-surface-0">
              <LanguageMark language={room.language} className="size-4" />
            </span>
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{room.name}</span>
              <span className="block truncate text-ink-3 text-xs group-hover:text-ink-2">
                {LANGUAGES[room.language].label}, {withWhom(room.people)}
              </span>
            </span>
            <span className="shrink-0 text-ink-3 text-xs group-hover:text-ink-2">{ago(room.at, now)}</span>
          </Link>
          <button
            type="button"
            aria-label={`Forget ${room.name}`}
            title="Forget this room. The room itself stays."
            onClick={() => setRooms(forgetRoom(room.id))}
            className="mr-1 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-3 opacity-0 hover:bg-surface-3 hover:text-ink-1 focus-visible:opacity-100 group-hover:opacity-100 phone:size-11 phone:opacity-100"
          >
            <X size={14} strokeWidth={1.5} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}

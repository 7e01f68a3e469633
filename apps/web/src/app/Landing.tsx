import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useIdentity } from '../features/identity/identity.ts';
import { NameForm } from '../features/identity/NameForm.tsx';
import { CreateRoom } from '../features/rooms/CreateRoom.tsx';
import { JoinByLink } from '../features/rooms/JoinByLink.tsx';
import { roomPath } from '../features/rooms/link.ts';
import { RecentRooms } from '../features/rooms/RecentRooms.tsx';
import { ThemeSwitch } from '../features/settings/ThemeSwitch.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Wordmark } from '../ui/Wordmark.tsx';
import { preloadRoom } from './preload.ts';

export function Landing() {
  const [, navigate] = useLocation();
  const identity = useIdentity((store) => store.identity);
  const [editing, setEditing] = useState(false);
  const [asked, setAsked] = useState(false);
  const nameCard = useRef<HTMLDivElement>(null);

  useEffect(() => {
    document.title = 'CodeSync';
  }, []);

  const known = identity.kind === 'known' ? identity.person : null;
  const askName = identity.kind === 'unknown' || editing;

  const ready = () => {
    if (known !== null) {
      preloadRoom();
      return true;
    }
    setAsked(true);
    nameCard.current?.querySelector('input')?.focus();
    return false;
  };

  return (
    <div className="min-h-full bg-surface-1">
      <header className="mx-auto flex h-14 max-w-[720px] items-center justify-between px-5">
        <Wordmark />
        <div className="flex items-center gap-1">
          {known !== null && !editing && (
            <button
              type="button"
              onClick={() => setEditing(true)}
              aria-label={`You are ${known.name}. Change name or colour`}
              className="inline-flex h-8 max-w-56 items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-surface-2 hover:text-ink-1 phone:h-11"
            >
              <Avatar name={known.name} hue={known.hue} />
              <span className="truncate">{known.name}</span>
            </button>
          )}
          <ThemeSwitch />
        </div>
      </header>
      <main className="mx-auto max-w-[720px] px-5 pt-10 pb-16 phone:pt-4">
        <h1 className="font-semibold text-xl tracking-tight">Start a room</h1>
        <p className="mt-1 text-base text-ink-2">
          Everyone with the link types in the same files, runs them and sees the same output.
        </p>

        {askName && (
          <section
            ref={nameCard}
            aria-label="Your name"
            className="mt-5 rounded-lg border border-line bg-surface-0 p-4 dark:bg-surface-1"
          >
            {asked && !editing && (
              <p className="mb-3 font-medium">Pick a name first, so that others know who types.</p>
            )}
            <NameForm
              suggestion={known ?? (identity.kind === 'unknown' ? identity.suggestion : null)}
              submit="Save"
              onDone={() => setEditing(false)}
              {...(editing && known !== null ? { onCancel: () => setEditing(false) } : {})}
            />
          </section>
        )}

        <section aria-label="New room" className="mt-5">
          <CreateRoom ready={ready} onCreated={(id) => navigate(roomPath(id))} />
        </section>

        <section aria-labelledby="join-title" className="mt-10">
          <h2 id="join-title" className="mb-2 font-medium text-base">
            Join by link
          </h2>
          <JoinByLink onOpen={(path) => navigate(path)} />
        </section>

        <section aria-labelledby="recent-title" className="mt-10">
          <h2 id="recent-title" className="mb-2 font-medium text-base">
            Recent rooms
          </h2>
          <RecentRooms />
        </section>

        <p className="mt-12 border-line border-t pt-4 text-ink-3 text-xs">
          Rooms, files, runs and who was there are kept in this server’s own database at {location.host}.
          Nothing goes to anyone else. Your name, settings and this list stay in this browser.
        </p>
      </main>
    </div>
  );
}

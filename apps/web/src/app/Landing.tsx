import { LANGUAGES, type Language } from '@codesync/protocol';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useLocation } from 'wouter';
import { useIdentity } from '../features/identity/identity.ts';
import { NameForm } from '../features/identity/NameForm.tsx';
import { CreateRoom } from '../features/rooms/CreateRoom.tsx';
import { JoinByLink } from '../features/rooms/JoinByLink.tsx';
import { RecentRooms } from '../features/rooms/RecentRooms.tsx';
import { useRoomCreation } from '../features/rooms/useRoomCreation.ts';
import { ThemeSwitch } from '../features/settings/ThemeSwitch.tsx';
import { roomPath } from '../link.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Wordmark } from '../ui/Wordmark.tsx';
import { preloadRoom } from './preload.ts';

export function Landing() {
  const [, navigate] = useLocation();
  const identity = useIdentity((store) => store.identity);
  const creation = useRoomCreation((id) => navigate(roomPath(id)));
  const [editing, setEditing] = useState(false);
  /** A room that waits for a name. */
  const [waiting, setWaiting] = useState<Language | null>(null);
  /** A room that was asked for before it is known who asks. */
  const [early, setEarly] = useState<Language | null>(null);
  const nameCard = useRef<HTMLElement>(null);

  useEffect(() => {
    document.title = 'CodeSync';
  }, []);

  // Whoever was here before is most likely still known. So nothing jumps while the server is asked.
  const person = identity.kind === 'known' ? identity.person : identity.suggestion;
  const known = identity.kind === 'known' || (identity.kind === 'loading' && person !== null);

  const create = (language: Language) => {
    void preloadRoom();
    void creation.create(language);
  };
  useEffect(() => {
    if (early === null || identity.kind === 'loading') return;
    setEarly(null);
    if (identity.kind === 'known') void creation.create(early);
    else setWaiting(early);
  }, [early, identity, creation]);
  const choose = (language: Language) => {
    if (identity.kind === 'known') return create(language);
    if (identity.kind === 'loading') return setEarly(language);
    // At once, because the form that is submitted below must know what it is for.
    flushSync(() => setWaiting(language));
    const field = nameCard.current?.querySelector('input');
    if (field?.value) field.form?.requestSubmit();
    else field?.focus();
  };

  return (
    <div className="min-h-full bg-surface-1">
      <header className="mx-auto flex h-14 max-w-[720px] items-center justify-between px-5">
        <Wordmark />
        <div className="flex items-center gap-1">
          {known && person !== null && !editing && (
            <button
              type="button"
              onClick={() => setEditing(true)}
              aria-label={`You are ${person.name}. Change name or colour`}
              className="inline-flex h-8 max-w-56 items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-surface-2 hover:text-ink-1 phone:h-11"
            >
              <Avatar name={person.name} hue={person.hue} />
              <span className="truncate">{person.name}</span>
            </button>
          )}
          <ThemeSwitch />
        </div>
      </header>
      <main className="mx-auto max-w-[720px] px-5 pt-10 pb-16 phone:pt-4">
        <section
          aria-labelledby="new-title"
          className="rounded-lg border border-line bg-surface-0 p-6 phone:p-4"
        >
          <h1 id="new-title" className="font-semibold text-xl tracking-tight">
            Start a room
          </h1>
          <p className="mt-1 mb-5 text-base text-ink-2">
            Everyone with the link types in the same files, runs them and sees the same output.
          </p>
          <CreateRoom creation={creation} onChoose={choose} />
          {(!known || editing) && (
            <section ref={nameCard} aria-label="Who you are" className="mt-5 border-line border-t pt-4">
              <NameForm
                suggestion={person}
                submit={waiting === null ? 'Save' : `Create ${LANGUAGES[waiting].label} room`}
                quiet={waiting === null}
                hint={waiting === null ? null : 'Pick a name first, so that the others know who types.'}
                onDone={() => {
                  setEditing(false);
                  if (waiting !== null) create(waiting);
                }}
                {...(editing ? { onCancel: () => setEditing(false) } : {})}
              />
            </section>
          )}
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
          Rooms, with their files, runs and the names of those who were there, are kept in this server’s own
          database at {location.host}. Nothing goes to anyone else. Your settings and this list stay in this
          browser.
        </p>
      </main>
    </div>
  );
}

import { LANGUAGES, Language } from '@codesync/protocol';
import { useState } from 'react';
import { api } from '../../api.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { LanguageMark } from './LanguageMark.tsx';

type CreateRoomProps = {
  /** Asked before anything is made; false holds back, because there is no name yet. */
  ready: () => boolean;
  onCreated: (id: string) => void;
};

/** Four tiles: one click makes a room. */
export function CreateRoom({ ready, onCreated }: CreateRoomProps) {
  const [busy, setBusy] = useState<Language | null>(null);
  const [error, setError] = useState<string | null>(null);

  const createRoom = async (language: Language) => {
    if (!ready()) return;
    setBusy(language);
    setError(null);
    const reply = await api.createRoom(language);
    if (reply.ok) {
      onCreated(reply.value.room);
    } else {
      setBusy(null);
      setError(reply.error.message);
    }
  };

  return (
    <>
      <ul className="grid grid-cols-4 gap-2 phone:grid-cols-2">
        {Language.options.map((language) => {
          const { label, entry } = LANGUAGES[language];
          return (
            <li key={language}>
              <button
                type="button"
                disabled={busy !== null}
                onClick={() => void createRoom(language)}
                aria-label={`New ${label} room`}
                aria-busy={busy === language || undefined}
                className="group flex w-full flex-col gap-3 rounded-lg border border-line bg-surface-0 p-3 text-left transition-colors duration-120 hover:border-accent hover:bg-accent-soft disabled:opacity-55 dark:bg-surface-1"
              >
                <span className="flex w-full items-center justify-between">
                  <LanguageMark
                    language={language}
                    className="size-9 text-sm group-hover:border-accent/40 group-hover:bg-surface-0 group-hover:text-accent dark:bg-surface-2"
                  />
                  {busy === language && <Spinner className="text-accent" />}
                </span>
                <span>
                  <span className="block font-medium text-base">{label}</span>
                  <span className="block font-mono text-ink-3 text-xs">{entry}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {error !== null && (
        <p role="alert" className="mt-2 text-danger">
          {error}
        </p>
      )}
    </>
  );
}

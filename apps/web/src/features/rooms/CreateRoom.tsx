import { LANGUAGES, Language } from '@codesync/protocol';
import { Plus } from 'lucide-react';
import { Spinner } from '../../ui/Spinner.tsx';
import { LanguageMark } from './LanguageMark.tsx';
import type { RoomCreation } from './useRoomCreation.ts';

type CreateRoomProps = { creation: RoomCreation; onChoose: (language: Language) => void };

/** Four tiles: one click makes a room. */
export function CreateRoom({ creation: { busy, error }, onChoose }: CreateRoomProps) {
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
                onClick={() => onChoose(language)}
                aria-busy={busy === language || undefined}
                className="group flex w-full flex-col gap-4 rounded-lg border border-line bg-surface-0 p-3.5 text-left transition-colors duration-120 hover:border-accent hover:bg-accent-soft disabled:opacity-55 dark:bg-surface-1"
              >
                <span className="flex w-full items-start justify-between">
                  <LanguageMark language={language} className="size-8" />
                  <span className="inline-flex size-7 items-center justify-center rounded-full bg-accent text-on-accent group-hover:bg-accent-hover">
                    {busy === language ? <Spinner /> : <Plus size={16} strokeWidth={2} aria-hidden="true" />}
                  </span>
                </span>
                <span>
                  <span className="block font-medium text-base">
                    <span className="sr-only">New </span>
                    {label}
                    <span className="sr-only"> room</span>
                  </span>
                  <span
                    aria-hidden="true"
                    data-entry={entry}
                    className="block font-mono text-ink-3 text-xs before:content-[attr(data-entry)] group-hover:text-ink-2"
                  />
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

import { LANGUAGES, type Language } from '@codesync/protocol';
import { useState } from 'react';
import { api } from '../../api.ts';

export type RoomCreation = {
  /** The language of the room that is being made. */
  readonly busy: Language | null;
  readonly error: string | null;
  readonly create: (language: Language) => Promise<void>;
};

export function useRoomCreation(onCreated: (id: string) => void): RoomCreation {
  const [busy, setBusy] = useState<Language | null>(null);
  const [error, setError] = useState<string | null>(null);
  const create = async (language: Language) => {
    setBusy(language);
    setError(null);
    const reply = await api.createRoom(language, `${LANGUAGES[language].label} room`);
    if (reply.ok) return onCreated(reply.value.room);
    setBusy(null);
    setError(reply.error.message);
  };
  return { busy, error, create };
}

// Who this browser is: a name and a colour, told once. The server signs it into a cookie.
import { HUES, LIMITS, type ParticipantId, PersonName } from '@codesync/protocol';
import { create } from 'zustand';
import { type ApiError, api } from '../../api.ts';
import { recall, remember } from '../../storage.ts';

export type Person = { readonly name: string; readonly hue: number };

/**
 * `known`: the server says who this is; or it is out of reach, this browser remembers, and `id` is null. `unknown`: a
 * name has to be picked. `suggestion` is the name that this browser used before.
 */
type Identity =
  | { readonly kind: 'loading'; readonly suggestion: Person | null }
  | { readonly kind: 'unknown'; readonly suggestion: Person | null }
  | { readonly kind: 'known'; readonly person: Person; readonly id: ParticipantId | null };

const KEY = 'codesync.me';

function readPerson(value: unknown): Person | null {
  if (typeof value !== 'object' || value === null) return null;
  const { name, hue } = value as Partial<Person>;
  if (!PersonName.safeParse(name).success || typeof hue !== 'number') return null;
  return { name: name!, hue: Math.abs(Math.trunc(hue)) % HUES };
}

/** Without the cookie there is no way into a room. */
const NOT_KEPT: ApiError = {
  code: 'identity.required',
  message:
    'Your name does not stay: the cookie that carries it does not come back. Allow cookies for this page, or ask whoever runs the server whether a proxy drops them.',
};

type IdentityStore = {
  readonly identity: Identity;
  /** Asks the server who this browser is. */
  readonly load: () => Promise<void>;
  /** Takes a name and colour; resolves to what was wrong, or null. */
  readonly save: (person: Person) => Promise<ApiError | null>;
};

export const useIdentity = create<IdentityStore>()((set, get) => ({
  identity: { kind: 'loading', suggestion: recall(KEY, readPerson, null) },
  load: async () => {
    const reply = await api.me();
    const before = get().identity;
    const suggestion = before.kind === 'known' ? before.person : before.suggestion;
    if (reply.ok && reply.value.participant !== null) {
      const { id, name, hue } = reply.value.participant;
      remember(KEY, { name, hue });
      set({ identity: { kind: 'known', person: { name, hue }, id } });
    } else if (!reply.ok && suggestion !== null) {
      set({ identity: { kind: 'known', person: suggestion, id: null } });
    } else {
      set({ identity: { kind: 'unknown', suggestion } });
    }
  },
  save: async (person) => {
    const reply = await api.updateMe(person.name, person.hue);
    if (!reply.ok) return reply.error;
    const after = await api.me();
    if (after.ok && after.value.participant === null) return NOT_KEPT;
    remember(KEY, person);
    const { participant } = after.ok ? after.value : reply.value;
    set({ identity: { kind: 'known', person, id: participant?.id ?? null } });
    return null;
  },
}));

/** What is wrong with a name as typed, in a sentence, or null. */
export function nameProblem(name: string): string | null {
  const { length } = name.trim();
  if (length === 0) return 'Type a name first.';
  if (length > LIMITS.nameUnits)
    return `A name can have up to ${LIMITS.nameUnits} characters; this one has ${length}.`;
  return PersonName.safeParse(name).success ? null : 'This name has a character that names cannot have.';
}

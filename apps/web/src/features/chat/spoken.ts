// What is said aloud of messages that come. Pure.
import type { ChatMessage, MessageId, ParticipantId } from '@codesync/protocol';
import { mentions, withNames } from './mentions.ts';

/** Of a long message the beginning is said. */
const SPOKEN_MAX = 200;

/** Which messages are said aloud. `named`: those that name this person. */
export type Spoken = 'all' | 'named' | 'none';

type Messages = ReadonlyMap<MessageId, Pick<ChatMessage, 'id' | 'at' | 'by' | 'text'>>;

/** The sentences for what others said after `since`, Unix milliseconds, oldest first. */
export function spokenMessages(
  messages: Messages,
  since: number,
  { spoken, you, hosts }: { spoken: Spoken; you: ParticipantId | null; hosts: boolean },
  nameOf: (id: ParticipantId | null) => string,
): string[] {
  if (spoken === 'none') return [];
  return [...messages.values()]
    .filter(({ at, by }) => at > since && by !== you)
    .filter(({ text }) => spoken === 'all' || (you !== null && mentions(text, you)))
    .map(({ by, text }) => `${nameOf(by)}${hosts ? ', to hosts' : ''}: ${plain(text, nameOf)}`);
}

function plain(text: string, nameOf: (id: ParticipantId) => string): string {
  const words = withNames(text.replace(/```[\s\S]*?(```|$)/g, ' (code) '), nameOf)
    .replace(/\*\*|~~|`/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length <= SPOKEN_MAX ? words : `${[...words].slice(0, SPOKEN_MAX).join('')}…`;
}

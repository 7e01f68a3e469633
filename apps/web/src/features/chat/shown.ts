// The chat as this person sees it: what the log has, with what they said since on top. Pure.
import type { ChatMessage, MessageId, ParticipantId } from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import type { LiveView } from '../../room-source/types.ts';

/** `waiting`: the log does not have it yet, or not as it is shown. */
export type ShownMessage = ChatMessage & { readonly waiting: boolean };

/** Messages of one person that come within this show who wrote them once. */
const TOGETHER_MS = 5 * 60_000;

/**
 * @param hosts the messages are those of hosts among themselves
 * @param now when what the log does not have counts as sent, Unix milliseconds
 */
export function shownMessages(
  { messages, files }: Pick<RoomState, 'messages' | 'files'>,
  unsent: LiveView['unsent'],
  hosts: boolean,
  you: ParticipantId | null,
  now: number,
): readonly ShownMessage[] {
  const shown = new Map<MessageId, ShownMessage>();
  for (const message of messages.values()) shown.set(message.id, { ...message, waiting: false });
  for (const { body } of unsent) {
    const known = shown.get(body.message);
    if (body.kind === 'chat.send') {
      if ((body.hosts === true) !== hosts) continue;
      const file = body.place === undefined ? undefined : files.get(body.place.file);
      shown.set(body.message, {
        id: body.message,
        by: you,
        at: now,
        text: body.text,
        editedAt: null,
        place: file === undefined ? null : { file: file.id, path: file.path },
        reactions: [],
        waiting: true,
      });
    } else if (known === undefined) continue;
    else if (body.kind === 'chat.edit') shown.set(known.id, { ...known, text: body.text, waiting: true });
    else if (body.kind === 'chat.delete') shown.delete(known.id);
    else if (you !== null) shown.set(known.id, { ...known, reactions: reacted(known, body, you) });
  }
  return [...shown.values()];
}

function reacted(
  { reactions }: ChatMessage,
  { reaction, on }: { readonly reaction: ChatMessage['reactions'][number]['reaction']; readonly on: boolean },
  you: ParticipantId,
): ChatMessage['reactions'] {
  const by = reactions.find((each) => each.reaction === reaction)?.by ?? [];
  const others = by.filter((who) => who !== you);
  const next = on ? [...others, you] : others;
  if (by.length === 0) return on ? [...reactions, { reaction, by: next }] : reactions;
  return reactions.flatMap((each) =>
    each.reaction !== reaction ? [each] : next.length === 0 ? [] : [{ reaction, by: next }],
  );
}

/** Whether a message follows the one before it under the same head. */
export function followsOn(message: ShownMessage, before: ShownMessage | undefined): boolean {
  return before?.by === message.by && message.at - before.at < TOGETHER_MS && sameDay(message.at, before.at);
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** The messages of others that came after `readAt`, Unix milliseconds. */
export function unreadOf(
  messages: Iterable<ChatMessage>,
  readAt: number,
  you: ParticipantId | null,
): readonly ChatMessage[] {
  return [...messages].filter(({ at, by }) => at > readAt && by !== you);
}

// The chat: what people say, and the places in files that they point at. Pure.
import {
  type ChatMessage,
  type ChatPlace,
  type CommandKind,
  type EventKind,
  LIMITS,
  type MessageId,
  type ParticipantId,
  type Reaction,
  type Stretch,
} from '@codesync/protocol';
import { carryStretch, notePlace } from '../chat-places.ts';
import { type Decision, fact, type Given, refuse } from '../decision.ts';
import { byId, withEntry, withoutEntry } from '../entries.ts';
import { type FilesPart, isText } from '../file-tree.ts';
import type { FoldedTexts } from '../folded-text.ts';
import type { Decided, Noun } from '../noun.ts';
import type { MembersPart } from './participants.ts';

export type ChatPart = {
  /** The newest, in the order in which they were sent. */
  readonly messages: ReadonlyMap<MessageId, ChatMessage>;
  /** The same of what hosts said among themselves. */
  readonly hostMessages: ReadonlyMap<MessageId, ChatMessage>;
};

type Of<Kind> = Extract<Kind, `chat.${string}`>;
type Seen = ChatPart & FilesPart & MembersPart;

export const chat: Noun<{
  part: ChatPart;
  kept: 'messages' | 'hostMessages' | 'messagePlaces';
  events: Of<EventKind>;
  commands: Of<CommandKind>;
  sees: Seen;
}> = {
  empty: { messages: new Map(), hostMessages: new Map() },

  fold: {
    'chat.sent': (state, { message, text, place, hosts }, { at, actor }, texts) => {
      const pointed = place === undefined ? undefined : texts.get(place.file);
      if (place !== undefined && pointed !== undefined) notePlace(pointed, message, place.at);
      const sent: ChatMessage = {
        id: message,
        by: actor,
        at,
        text,
        editedAt: null,
        place: place === undefined ? null : { file: place.file, path: place.path },
        reactions: [],
      };
      const list = listOf(hosts);
      return { ...state, [list]: newest(withEntry(state[list], message, sent), texts) };
    },
    'chat.edited': (state, { message, text, hosts }, { at }) =>
      changed(state, hosts, message, () => ({ text, editedAt: at })),
    'chat.deleted': (state, { message, hosts }, _, texts) => {
      const list = listOf(hosts);
      forgetPlace(state[list].get(message), texts);
      return { ...state, [list]: withoutEntry(state[list], message) };
    },
    'chat.hidden': (state) => state,
    'chat.reacted': (state, { message, reaction, on, hosts }, { actor }) =>
      actor === null
        ? state
        : changed(state, hosts, message, ({ reactions }) => ({
            reactions: on ? withReaction(reactions, reaction, actor) : without(reactions, reaction, actor),
          })),
  },

  decide: {
    'chat.send': (room, actor, { message, text, place, hosts }, given) => {
      const { state } = room.fold;
      if (hosts && !isHost(state, actor)) return refuse('role.host');
      if (state.messages.has(message) || state.hostMessages.has(message)) return refuse('chat.exists');
      if (hosts) return fact({ kind: 'chat.sent', message, text, hosts });
      if (place === undefined) return fact({ kind: 'chat.sent', message, text });
      return pointed(room, place, given, (found) =>
        fact({ kind: 'chat.sent', message, text, ...(found === null ? {} : { place: found }) }),
      );
    },
    'chat.edit': ({ fold }, actor, { message, text }) =>
      own(fold.state, message, actor, (heard) => fact({ kind: 'chat.edited', message, text, ...heard })),
    'chat.delete': ({ fold }, actor, { message }) =>
      own(fold.state, message, actor, (heard) => fact({ kind: 'chat.deleted', message, ...heard })),
    'chat.react': ({ fold }, actor, { message, reaction, on }) =>
      known(fold.state, message, actor, ({ reactions }, heard) => {
        const count = reactions.reduce((sum, { by }) => sum + by.length, 0);
        if (on && count >= LIMITS.chatReactions) return refuse('chat.reactions');
        return fact({ kind: 'chat.reacted', message, reaction, on, ...heard });
      }),
  },

  toKeyframe: ({ messages, hostMessages }, texts) => ({
    messages: [...messages.values()],
    hostMessages: [...hostMessages.values()],
    messagePlaces: [...messages.values()].flatMap(({ id, place }) => {
      const at = place === null ? undefined : texts.get(place.file)?.places?.get(id);
      return at === undefined ? [] : [{ message: id, file: place!.file, ...at }];
    }),
  }),
  fromKeyframe: ({ messages, hostMessages, messagePlaces }, texts) => {
    for (const { message, file, from, to } of messagePlaces) {
      const text = texts.get(file);
      if (text !== undefined) notePlace(text, message, { from, to });
    }
    return { messages: byId(messages), hostMessages: byId(hostMessages) };
  },
};

/**
 * The place as the log will have it: carried to the newest version. Null where the file is gone or is no text any more:
 * what was said of it counts all the same.
 */
function pointed(
  { fold, order }: Decided<Seen>,
  { file, version, from, to }: ChatPlace,
  { older }: Given,
  then: (place: { file: ChatPlace['file']; path: string; at: Stretch } | null) => Decision,
): Decision {
  const { state, texts } = fold;
  const text = texts.get(file);
  const entry = state.files.get(file);
  if (text === undefined || entry === undefined || !isText(state, file) || version > text.version) {
    return then(null);
  }
  const edits = order.editsFrom(file, version, older);
  if ('kind' in edits) return edits;
  const length = text.buffer.length;
  const { from: start, to: end } = edits.reduce(carryStretch, { from: Math.min(from, to), to });
  return then({
    file,
    path: entry.path,
    at: { from: Math.min(start, length), to: Math.min(end, length) },
  });
}

/** Without the oldest messages where there are more than are kept. */
function newest(
  messages: ReadonlyMap<MessageId, ChatMessage>,
  texts: FoldedTexts,
): ReadonlyMap<MessageId, ChatMessage> {
  let units = 0;
  for (const { text } of messages.values()) units += text.length;
  let left = messages;
  for (const oldest of messages.values()) {
    const fits = left.size <= LIMITS.chatKept && units <= LIMITS.chatKeptUnits;
    if (fits || left.size === 1) return left;
    forgetPlace(oldest, texts);
    left = withoutEntry(left, oldest.id);
    units -= oldest.text.length;
  }
  return left;
}

function forgetPlace(message: ChatMessage | undefined, texts: FoldedTexts): void {
  if (message?.place) texts.get(message.place.file)?.places?.delete(message.id);
}

/** What an event says of who heard of the message. */
type Heard = { readonly hosts?: true };

function listOf(hosts: true | undefined): 'messages' | 'hostMessages' {
  return hosts ? 'hostMessages' : 'messages';
}

function isHost({ members }: MembersPart, who: ParticipantId): boolean {
  return members.get(who)?.role === 'host';
}

/** Returns the same state if there is no such message. */
function changed<State extends ChatPart>(
  state: State,
  hosts: true | undefined,
  id: MessageId,
  change: (message: ChatMessage) => Partial<ChatMessage>,
): State {
  const list = listOf(hosts);
  const message = state[list].get(id);
  if (message === undefined) return state;
  return { ...state, [list]: withEntry(state[list], id, { ...message, ...change(message) }) };
}

/** Decides on a message that this person may know of. */
function known(
  state: Seen,
  id: MessageId,
  actor: ParticipantId,
  decide: (message: ChatMessage, heard: Heard) => Decision,
): Decision {
  const message = state.messages.get(id);
  if (message !== undefined) return decide(message, {});
  const among = isHost(state, actor) ? state.hostMessages.get(id) : undefined;
  return among === undefined ? refuse('chat.unknown') : decide(among, { hosts: true });
}

function own(state: Seen, id: MessageId, actor: ParticipantId, decide: (heard: Heard) => Decision): Decision {
  return known(state, id, actor, ({ by }, heard) => (by === actor ? decide(heard) : refuse('chat.notYours')));
}

type Reactions = ChatMessage['reactions'];

/** With the reaction of one person, who has each of them once. */
function withReaction(reactions: Reactions, reaction: Reaction, who: ParticipantId): Reactions {
  const index = reactions.findIndex((each) => each.reaction === reaction);
  const known = reactions[index];
  if (known === undefined) return [...reactions, { reaction, by: [who] }];
  return known.by.includes(who) ? reactions : reactions.with(index, { reaction, by: [...known.by, who] });
}

function without(reactions: Reactions, reaction: Reaction, who: ParticipantId): Reactions {
  return reactions.flatMap((each) => {
    if (each.reaction !== reaction) return [each];
    const by = each.by.filter((other) => other !== who);
    return by.length === 0 ? [] : [{ reaction, by }];
  });
}

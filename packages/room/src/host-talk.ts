// What hosts say among themselves. It is in the log as all is. What leaves the server has it only for hosts. Pure.
import type { ChatMessage, EventBody, Keyframe, MessageId, RoomEvent } from '@codesync/protocol';
import { chat } from './nouns/chat.ts';

type HostMessages = ReadonlyMap<MessageId, ChatMessage>;

/** Whether it is for hosts alone. */
export function isHostTalk(body: EventBody): boolean {
  return 'hosts' in body && body.hosts === true;
}

/**
 * An event as everyone may hear of it. One that is for hosts alone says no more than that it was there, so that the log
 * stays dense, and by which command, so that its author knows that it is saved.
 */
export function heardByAll(event: RoomEvent): RoomEvent {
  return isHostTalk(event.body) ? { ...event, actor: null, body: { kind: 'chat.hidden' } } : event;
}

/** A keyframe as everyone may have it. */
export function keptByAll(keyframe: Keyframe): Keyframe {
  return { ...keyframe, hostMessages: [] };
}

/** What hosts said, after an event of it. */
export function hostTalkAfter(hostMessages: HostMessages, event: RoomEvent): HostMessages {
  const { body } = event;
  const state = { messages: new Map(), hostMessages };
  const none = new Map();
  switch (body.kind) {
    case 'chat.sent':
      return chat.fold[body.kind](state, body, event, none).hostMessages;
    case 'chat.edited':
      return chat.fold[body.kind](state, body, event, none).hostMessages;
    case 'chat.deleted':
      return chat.fold[body.kind](state, body, event, none).hostMessages;
    case 'chat.reacted':
      return chat.fold[body.kind](state, body, event, none).hostMessages;
    default:
      return hostMessages;
  }
}

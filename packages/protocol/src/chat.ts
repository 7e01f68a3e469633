/** Chat: what people of the room say to each other, in its log. What they write is Markdown. */
import { z } from 'zod';
import { FileId, MessageId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { WellFormedText } from './text.ts';

const message = { message: MessageId };

const ChatText = WellFormedText.max(LIMITS.chatUnits).refine(
  (text) => text.trim() !== '',
  'nothing but blanks',
);

/** What can be set under a message, in the order in which it is offered. */
export const Reaction = z.enum(['👍', '❤️', '😄', '🎉', '👀', '✅', '❓', '👎']);
export type Reaction = z.infer<typeof Reaction>;

/** A stretch of a file's text, in UTF-16 units from its beginning. */
export const Stretch = z.object({ from: z.int().min(0), to: z.int().min(0) });
export type Stretch = z.infer<typeof Stretch>;

/** A stretch of a version of a file, as whoever points at it sees it. */
export const ChatPlace = z.strictObject({
  file: FileId,
  version: z.int().min(0),
  ...Stretch.shape,
});
export type ChatPlace = z.infer<typeof ChatPlace>;

/** A place as the log has it. `path` is what the file was called then; `at` is of the newest version at that moment. */
const PlaceFact = z.object({ file: FileId, path: z.string(), at: Stretch });

/** Of what is said among hosts alone. Absent: to everyone. */
const channel = { hosts: z.literal(true).optional() };

/** Say something. `place` is what it is about; what is said among hosts has none. */
export const SendMessage = z.strictObject({
  kind: z.literal('chat.send'),
  ...message,
  text: ChatText,
  place: ChatPlace.optional(),
  ...channel,
});
/** Change what oneself has said. */
export const EditMessage = z.strictObject({ kind: z.literal('chat.edit'), ...message, text: ChatText });
/** Take back what oneself has said. */
export const DeleteMessage = z.strictObject({ kind: z.literal('chat.delete'), ...message });
/** Set one's reaction under a message, or take it away. */
export const ReactToMessage = z.strictObject({
  kind: z.literal('chat.react'),
  ...message,
  reaction: Reaction,
  on: z.boolean(),
});

export const MessageSent = z.object({
  kind: z.literal('chat.sent'),
  ...message,
  text: z.string(),
  place: PlaceFact.optional(),
  ...channel,
});
export const MessageEdited = z.object({
  kind: z.literal('chat.edited'),
  ...message,
  text: z.string(),
  ...channel,
});
export const MessageDeleted = z.object({ kind: z.literal('chat.deleted'), ...message, ...channel });
export const MessageReacted = z.object({
  kind: z.literal('chat.reacted'),
  ...message,
  reaction: Reaction,
  on: z.boolean(),
  ...channel,
});
/** What everyone hears of what happens among hosts: that there was something. */
export const MessageHidden = z.object({ kind: z.literal('chat.hidden') });

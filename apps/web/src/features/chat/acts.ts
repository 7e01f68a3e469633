// What is done in the chat.
import { type ChatMessage, MessageId, type Reaction } from '@codesync/protocol';
import type { Range } from '@codesync/room';
import { nanoid } from 'nanoid';
import type { Desk, Quote } from '../../desk/desk.ts';
import { fileLanguageOf } from '../../editor/languages.ts';
import type { RoomSource } from '../../room-source/types.ts';
import { fenced } from './fences.ts';
import { withIds, withNames } from './mentions.ts';
import { chatOf } from './state.ts';

/** How long what was typed has to get into the log, for a link to it. */
const FLUSH_MS = 3_000;

/** Sends the draft, or the change that it is. */
export function sendDraft(desk: Desk): void {
  const store = chatOf(desk);
  const { draft, place, editing, channel } = store.getState();
  const { room, you } = desk.view();
  const hosts = channel === 'hosts' && you?.role === 'host';
  const { members } = room;
  const text = withIds(draft.trim(), [...members.values()]);
  if (text === '') return;
  if (editing === null) {
    const message = MessageId.parse(nanoid(16));
    void desk.command({
      kind: 'chat.send',
      message,
      text,
      ...(hosts ? { hosts } : place === null ? {} : { place }),
    });
  } else if (messageOf(desk, editing)?.text !== text) {
    void desk.command({ kind: 'chat.edit', message: editing, text });
  }
  store.setState({ draft: '', place: null, editing: null });
}

/** A message of the log, whoever hears of it. */
export function messageOf(desk: Desk, id: MessageId): ChatMessage | undefined {
  const { room, hostMessages } = desk.view();
  return room.messages.get(id) ?? hostMessages.get(id);
}

/** Takes a message into the draft, to be changed. */
export function beginEdit(desk: Desk, { id, text }: Pick<ChatMessage, 'id' | 'text'>): void {
  const { members } = desk.view().room;
  const draft = withNames(text, (who) => members.get(who)?.name ?? 'someone');
  chatOf(desk).setState(({ wanted }) => ({ draft, place: null, editing: id, wanted: wanted + 1 }));
}

export function endEdit(desk: Desk): void {
  chatOf(desk).setState({ draft: '', place: null, editing: null });
}

/** A refusal of these is told at the foot: nothing that was written is lost by it. */
export function deleteMessage(desk: Desk, message: MessageId): void {
  if (chatOf(desk).getState().editing === message) endEdit(desk);
  void desk.send({ kind: 'chat.delete', message });
}

export function react(desk: Desk, message: MessageId, reaction: Reaction, on: boolean): void {
  void desk.send({ kind: 'chat.react', message, reaction, on });
}

/** Puts something to be talked about into the draft, and shows it. */
export function takeQuote(desk: Desk, { code, language, place }: Quote): void {
  chatOf(desk).setState(({ draft, editing, wanted }) => {
    const before = editing !== null || draft.trim() === '' ? '' : `${draft.trimEnd()}\n`;
    const block = fenced(code, language === null || language === 'plaintext' ? '' : language);
    return { draft: `${before}${block}`, place, editing: null, wanted: wanted + 1 };
  });
  desk.show('chat');
}

/**
 * Takes what is selected in the editor, or the line of the cursor, to the chat. It leads there once the log has it: before
 * that there is no place that others could find.
 */
export async function quoteSelection(desk: Desk): Promise<void> {
  const { source, editor } = desk;
  const findable = await isLogged(source);
  const file = desk.active();
  const entry = file === null ? undefined : desk.view().room.files.get(file);
  const text = file === null ? null : source.text(file);
  if (file === null || entry === undefined || text === null) return;
  const here = editor.range();
  const { start, end } = here?.file === file ? here.range : { start: 0, end: 0 };
  const range = start < end ? { start, end } : lineAround(text, start);
  const code = text.slice(range.start, range.end);
  const logged = findable ? source.logged(file, range) : null;
  const place =
    logged === null ? null : { file, version: logged.version, from: logged.start, to: logged.end };
  desk.quote({ code, language: fileLanguageOf(entry), place });
}

/** Whether all that was typed is in the log, now or in a moment. */
async function isLogged(source: RoomSource): Promise<boolean> {
  if (source.unsaved() === 0) return true;
  if (source.view().connection.kind !== 'online') return false;
  return source.flush(FLUSH_MS).then(
    () => true,
    () => false,
  );
}

function lineAround(text: string, at: number): Range {
  const end = text.indexOf('\n', at);
  return { start: text.lastIndexOf('\n', at - 1) + 1, end: end === -1 ? text.length : end };
}

/** Goes to what a message points at; where that is not known any more, to its file. */
export function goToPlace(desk: Desk, { id, place }: Pick<ChatMessage, 'id' | 'place'>): void {
  if (place === null) return;
  const at = desk.source.placeOf(id);
  const text = desk.source.text(place.file);
  if (at === null || text === null) {
    desk.openFile(place.file);
    return;
  }
  const before = text.slice(0, at.from);
  const line = before.split('\n').length;
  const column = at.from - before.lastIndexOf('\n');
  desk.reveal(place.file, { line, column, length: at.to - at.from });
}

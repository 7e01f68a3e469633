import { LIMITS } from '@codesync/protocol';
import { CornerDownRight, SendHorizontal, X } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { fileLanguageOf } from '../../editor/languages.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { beginEdit, endEdit, sendDraft } from './acts.ts';
import { fenced, inFence, looksLikeCode } from './fences.ts';
import { MentionList, useMentions } from './MentionList.tsx';
import type { ShownMessage } from './shown.ts';
import { type Channel, chatOf, useChat } from './state.ts';

/** Where a message comes near to its limit, it says how much is left. */
const NEAR_UNITS = 500;

/** Where a message is written. Enter sends it, Shift and Enter make a new line. */
export function Composer({ messages, channel }: { messages: readonly ShownMessage[]; channel: Channel }) {
  const desk = useDesk();
  const store = chatOf(desk);
  const you = useRoom((view) => view.you?.id ?? null);
  const { draft, editing, wanted } = useChat((state) => state);
  const field = useRef<HTMLTextAreaElement>(null);
  const seen = useRef(store.getState().wanted === 0 ? 0 : -1);
  const [caret, setCaret] = useState(0);
  const listId = useId();
  const people = useMentions(draft, caret, editing !== null || draft !== '');
  const left = LIMITS.chatUnits - draft.length;

  useEffect(() => {
    if (wanted === seen.current) return;
    seen.current = wanted;
    const { current } = field;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, [wanted]);

  const setDraft = (text: string, at: number) => {
    store.setState({ draft: text });
    setCaret(at);
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at));
  };

  const pick = (name: string) => {
    if (people.typed === null) return;
    const before = `${draft.slice(0, people.typed.from)}@${name} `;
    setDraft(before + draft.slice(caret), before.length);
  };

  const send = () => {
    if (left >= 0) sendDraft(desk);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (people.onKey(event, pick)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && editing !== null) {
      event.preventDefault();
      endEdit(desk);
    } else if (event.key === 'ArrowUp' && draft === '') {
      const last = messages.findLast(({ by, waiting }) => by === you && !waiting);
      if (last === undefined) return;
      event.preventDefault();
      beginEdit(desk, last);
    }
  };

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const text = event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n');
    const { selectionStart: from, selectionEnd: to } = event.currentTarget;
    const before = draft.slice(0, from);
    const language = languageOfSeen(desk, text);
    if (!text.includes('\n') || inFence(before) || (language === null && !looksLikeCode(text))) return;
    event.preventDefault();
    const lead = before === '' || before.endsWith('\n') ? before : `${before}\n`;
    const pasted = `${lead}${fenced(text, language ?? '')}`;
    setDraft(pasted + draft.slice(to), pasted.length);
  };

  return (
    <form
      className="shrink-0 border-line border-t p-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {editing !== null && (
        <Told words="Changing your message" leave="Leave it as it is" onLeave={() => endEdit(desk)} />
      )}
      {channel === 'everyone' && <PlaceTold />}
      <div className="relative">
        <MentionList id={listId} people={people} onPick={pick} />
        <div className="flex items-end gap-1 rounded-md border border-line-strong bg-surface-0 focus-within:border-accent focus-within:outline-1 focus-within:outline-accent dark:bg-surface-1">
          <textarea
            ref={field}
            data-sends
            aria-label="Message"
            aria-autocomplete="list"
            aria-controls={people.found.length > 0 ? listId : undefined}
            aria-activedescendant={people.found.length > 0 ? `${listId}-${people.chosen}` : undefined}
            placeholder={channel === 'hosts' ? 'Write to hosts only' : 'Write to everyone here'}
            rows={Math.min(10, draft.split('\n').length)}
            value={draft}
            onChange={({ target }) => {
              store.setState({ draft: target.value });
              setCaret(target.selectionStart);
            }}
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            className="field-sizing-content max-h-60 min-h-8 min-w-0 flex-1 resize-none bg-transparent px-2.5 py-1.5 text-sm outline-none phone:min-h-11 phone:py-2.5 phone:text-base"
          />
          <IconButton
            label={editing === null ? 'Send' : 'Save the change'}
            type="submit"
            disabled={draft.trim() === '' || left < 0}
            className="m-0.5 text-accent"
          >
            <SendHorizontal size={16} strokeWidth={1.5} />
          </IconButton>
        </div>
      </div>
      {left < NEAR_UNITS && (
        <p role="status" className={`pt-1 text-2xs ${left < 0 ? 'text-danger' : 'text-ink-3'}`}>
          {left < 0
            ? `${(-left).toLocaleString('en')} characters too long. Put long texts into a file, and point to it.`
            : `${left} characters left`}
        </p>
      )}
    </form>
  );
}

/** The language of the file that is seen, if the pasted text comes from there. */
function languageOfSeen(desk: ReturnType<typeof useDesk>, pasted: string): string | null {
  const file = desk.active();
  const entry = file === null ? undefined : desk.view().room.files.get(file);
  if (file === null || entry === undefined || pasted.trim() === '') return null;
  return desk.source.text(file)?.includes(pasted.trim()) ? fileLanguageOf(entry) : null;
}

/** What the draft points at. */
function PlaceTold() {
  const store = chatOf(useDesk());
  const place = useChat((state) => state.place);
  const path = useRoom(({ room }) => (place === null ? undefined : room.files.get(place.file)?.path));
  if (path === undefined) return null;
  return (
    <Told
      words={path}
      leave="Do not point there"
      onLeave={() => store.setState({ place: null })}
      icon={<CornerDownRight size={12} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />}
    />
  );
}

type ToldProps = { words: string; leave: string; onLeave: () => void; icon?: React.ReactNode };

function Told({ words, leave, onLeave, icon }: ToldProps) {
  return (
    <div className="flex items-center gap-1 pb-1 pl-1 text-ink-2 text-xs">
      {icon}
      <span className="min-w-0 flex-1 truncate">{words}</span>
      <IconButton label={leave} onClick={onLeave} className="size-6!">
        <X size={14} strokeWidth={1.5} />
      </IconButton>
    </div>
  );
}

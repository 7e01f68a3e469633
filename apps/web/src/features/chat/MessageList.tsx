import { ArrowDown, MessageSquare } from 'lucide-react';
import { Fragment, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { dayOf } from '../../ui/time.ts';
import { Message } from './Message.tsx';
import { followsOn, type ShownMessage, sameDay, unreadOf } from './shown.ts';
import { type Channel, chatOf, markRead, useChat } from './state.ts';

/** So many are drawn at first, and more with each press. */
const DRAWN = 100;
/** Nearer to its end than this, the list follows what comes. */
const NEAR_PX = 40;

/** The messages, the newest last and in sight. */
export function MessageList({ messages, channel }: { messages: readonly ShownMessage[]; channel: Channel }) {
  const desk = useDesk();
  const store = chatOf(desk);
  const you = useRoom((view) => view.you?.id ?? null);
  const looking = useChat((state) => state.looking);
  const readAt = useChat((state) => state.readAt[channel]);
  const [drawn, setDrawn] = useState(DRAWN);
  const last = messages.findLast(({ waiting }) => !waiting)?.at ?? 0;
  const newest = useRef(last);
  newest.current = last;
  /** What came between these, Unix milliseconds, is new to whoever looks now. */
  const [away, setAway] = useState(() => ({ from: store.getState().readAt[channel], to: last }));
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const shown = messages.slice(-drawn);
  const firstNew = unreadOf(shown, away.from, you).find(({ at }) => at <= away.to)?.id;

  const look = useCallback(() => {
    const { current } = scroller;
    if (current === null) return;
    atEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_PX;
    store.setState({ looking: atEnd.current && document.visibilityState === 'visible' });
  }, [store]);

  useEffect(() => {
    look();
    const onVisible = () => {
      const from = store.getState().readAt[channel];
      if (document.visibilityState === 'visible') setAway({ from, to: newest.current });
      look();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      store.setState({ looking: false });
    };
  }, [look, store, channel]);

  useEffect(() => {
    if (looking) markRead(store, desk.view().id, channel, last);
  }, [looking, last, store, desk, channel]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown has grown
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current !== null && atEnd.current) current.scrollTop = current.scrollHeight;
  }, [messages]);

  // Code gets its colours, and the panel its width, after the messages are drawn.
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) current.scrollTop = current.scrollHeight;
    });
    observer.observe(current);
    if (current.firstElementChild !== null) observer.observe(current.firstElementChild);
    return () => observer.disconnect();
  }, []);

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scroller} onScroll={look} className="h-full overflow-y-auto">
        <div className="flex min-h-full flex-col justify-end pb-2">
          {messages.length > shown.length && (
            <Button variant="ghost" className="mx-auto my-2" onClick={() => setDrawn(drawn + DRAWN)}>
              Show earlier messages
            </Button>
          )}
          {messages.length === 0 && <Nothing channel={channel} />}
          <div role="log" aria-live="off" aria-label="Messages">
            {shown.map((message, i) => {
              const before = shown[i - 1];
              const isNew = message.id === firstNew;
              return (
                <Fragment key={message.id}>
                  {(before === undefined || !sameDay(before.at, message.at)) && (
                    <Divider words={dayOf(message.at)} />
                  )}
                  {isNew && <Divider words="New" accent />}
                  <Message message={message} headed={isNew || !followsOn(message, before)} />
                </Fragment>
              );
            })}
          </div>
        </div>
      </div>
      {!looking && unreadOf(messages, readAt, you).length > 0 && (
        <Button
          className="absolute bottom-2 left-1/2 -translate-x-1/2 shadow-float"
          icon={<ArrowDown size={14} strokeWidth={1.5} />}
          onClick={() => scroller.current?.scrollTo({ top: scroller.current.scrollHeight })}
        >
          New messages
        </Button>
      )}
    </div>
  );
}

function Divider({ words, accent = false }: { words: string; accent?: boolean }) {
  return (
    <div
      className={`flex items-center gap-2 px-3 pt-3 pb-1 text-2xs before:h-px before:flex-1 after:h-px after:flex-1 ${
        accent
          ? 'font-medium text-accent before:bg-accent after:bg-accent'
          : 'text-ink-3 before:bg-line after:bg-line'
      }`}
    >
      {words}
    </div>
  );
}

function Nothing({ channel }: { channel: Channel }) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-2 p-4 text-center text-ink-3">
      <MessageSquare size={20} strokeWidth={1.5} aria-hidden="true" />
      <p className="max-w-60">
        Nothing was said yet.{' '}
        {channel === 'hosts'
          ? 'Only hosts of the room get what you write here.'
          : 'Everyone in the room reads what you write here.'}
      </p>
    </div>
  );
}

import { useDesk, useOnline } from '../../desk/hooks.tsx';
import { useRoom } from '../../desk/room.tsx';
import { Button } from '../../ui/Button.tsx';
import { useLong } from '../../ui/hooks.ts';
import { pathOf, unsentOf } from './desk-comments.ts';
import { Quote } from './Quote.tsx';
import type { Unsent, UnsentOpen } from './unsent.ts';

/** A thread that the room does not have yet. */
export function UnsentThread({ unsent }: { unsent: UnsentOpen }) {
  const room = useRoom((view) => view.room);
  // What was sent may be in the room before this device has heard that.
  if (room.threads.has(unsent.comment)) return null;
  const path = pathOf(room, unsent.file);
  return (
    <section
      aria-label={`Comment on ${path} that is not sent yet`}
      className="space-y-2 rounded-md border border-line-strong border-dashed p-2"
    >
      <Quote text={unsent.quote} path={path} />
      <Waiting unsent={unsent} />
    </section>
  );
}

/** A reply that the room does not have yet. */
export function UnsentItem({ unsent }: { unsent: Unsent }) {
  const known = useRoom(({ room }) =>
    unsent.kind === 'reply'
      ? (room.threads.get(unsent.thread)?.comments.some(({ id }) => id === unsent.comment) ?? false)
      : false,
  );
  if (known) return null;
  return (
    <li className="border-line-strong border-l-2 border-dashed pl-2">
      <Waiting unsent={unsent} />
    </li>
  );
}

function Waiting({ unsent: { comment, text, refused } }: { unsent: Unsent }) {
  const desk = useDesk();
  const online = useOnline();
  const isLong = useLong(online);
  return (
    <>
      <p className="whitespace-pre-wrap break-words text-sm">{text}</p>
      {refused !== null ? (
        <p role="alert" className="text-danger text-xs">
          {refused}
        </p>
      ) : (
        (!online || isLong) && (
          <p role="status" className="text-warning text-xs">
            {online ? 'On its way.' : 'Kept on this device. It is sent when the connection is back.'}
          </p>
        )
      )}
      {refused !== null && (
        <div className="flex justify-end gap-1.5">
          <Button variant="ghost" onClick={() => unsentOf(desk).discard(comment)}>
            Discard
          </Button>
          <Button onClick={() => unsentOf(desk).retry(comment)}>Try again</Button>
        </div>
      )}
    </>
  );
}

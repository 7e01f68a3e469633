import { useLive, useSource } from '../../desk/room.tsx';
import { isStill } from '../../room-source/still.ts';
import { UnsentNotice } from './UnsentNotice.tsx';

/** Edits that the room did not take, until they are dismissed. One that keeps nothing goes when its reason does. */
export function UnsentNotes() {
  const { dismissNotice } = useSource();
  const notices = useLive((view) => view.notices);
  const now = {
    you: useLive((view) => view.you),
    connection: useLive((view) => view.connection),
    storage: useLive((view) => view.storage),
    sandbox: useLive((view) => view.sandbox),
  };
  return notices
    .map((notice) => ({ notice, past: !isStill(notice.error.code, now) }))
    .filter(({ notice, past }) => !past || notice.typed !== null || notice.text !== null)
    .map(({ notice, past }) => (
      <UnsentNotice key={notice.id} notice={notice} past={past} onDismiss={() => dismissNotice(notice.id)} />
    ));
}

import { useLive } from '../../desk/room.tsx';
import { connectionWords } from './words.ts';

/** The connection in a word. */
export function ConnectionWord() {
  const connection = useLive((view) => view.connection);
  return (
    <span role="status" data-connection={connection.kind} className="min-w-[72px] text-right">
      {connectionWords(connection)}
    </span>
  );
}

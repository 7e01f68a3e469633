import { useLive, useSource } from '../../desk/room.tsx';
import { systemClock } from '../../room-source/clock.ts';
import { Button } from '../../ui/Button.tsx';
import { useNow } from '../../ui/hooks.ts';
import { Notice } from '../../ui/Notice.tsx';
import { bannerWords } from './words.ts';

/** Stays for as long as what it tells is true. At the foot of the page it moves no line of code. */
export function ConnectionBanner() {
  const { unsaved } = useSource();
  const view = {
    connection: useLive(({ connection }) => connection),
    save: useLive(({ save }) => save),
    storage: useLive(({ storage }) => storage),
    ready: useLive(({ ready }) => ready),
    you: useLive(({ you }) => you),
  };
  // Time and the number of waiting changes go on without a new view.
  const counting = view.connection.kind !== 'online' || view.storage !== 'ok';
  const now = useNow(1000, counting, systemClock.now);
  const words = bannerWords(view, now, unsaved());
  if (words === null) return null;
  return (
    <Notice
      tone={words.tone}
      spoken={words.spoken}
      className="animate-rise border-line border-t"
      actions={
        words.action === 'reload' && (
          <Button variant="primary" onClick={() => location.reload()}>
            Reload
          </Button>
        )
      }
    >
      <span className="font-medium">{words.title}</span> <span className="text-ink-2">{words.detail}</span>
    </Notice>
  );
}

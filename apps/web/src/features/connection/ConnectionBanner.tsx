import { systemClock } from '../../room-source/clock.ts';
import type { RoomView } from '../../room-source/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useNow } from '../../ui/hooks.ts';
import { Notice } from '../../ui/Notice.tsx';
import { bannerWords } from './words.ts';

type ConnectionBannerProps = {
  view: Pick<RoomView, 'connection' | 'save' | 'storage' | 'ready' | 'you'>;
  /** How many changes of this client are not in the log. */
  unsaved: () => number;
};

/** Stays as long as what it tells is true. It stands at the page's foot, so that no line of code moves for it. */
export function ConnectionBanner({ view, unsaved }: ConnectionBannerProps) {
  // What it counts goes on without the view: time, and the changes that wait.
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

import clsx from 'clsx';
import { type ReactNode, useEffect, useState } from 'react';

type PictureProps = {
  /** Its type is that of the picture. */
  blob: Blob;
  name: string;
  /** Its length, in words. */
  size: string;
  /** Buttons for what can be done with it. */
  children: ReactNode;
};

/** A picture as large as there is room for, or pixel by pixel. What shows through it is checkered. */
export function Picture({ blob, name, size, children }: PictureProps) {
  const url = useObjectUrl(blob);
  const [pixels, setPixels] = useState<{ width: number; height: number } | null>(null);
  const [damaged, setDamaged] = useState<string | null>(null);
  const [whole, setWhole] = useState(true);
  return (
    <>
      {url !== null && damaged !== url ? (
        // A place that can be scrolled is reached by the keyboard.
        <section
          aria-label={`View of ${name}`}
          tabIndex={whole ? -1 : 0}
          className="min-h-0 flex-1 overflow-auto bg-surface-1 focus-visible:-outline-offset-2"
        >
          <div
            className={clsx(
              'flex items-center justify-center p-6',
              whole ? 'h-full' : 'min-h-full w-max min-w-full',
            )}
          >
            <img
              src={url}
              alt={name}
              onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
                setPixels({ width, height })
              }
              onError={() => setDamaged(url)}
              className={clsx('checkered animate-fade', whole ? 'max-h-full max-w-full' : 'max-w-none')}
            />
          </div>
        </section>
      ) : (
        <p
          role="status"
          className="flex min-h-0 flex-1 items-center justify-center p-4 text-center text-ink-3"
        >
          {url !== null && 'The browser cannot show this picture. It may be damaged.'}
        </p>
      )}
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-2 border-line border-t bg-surface-1 px-3 py-1">
        <p className="flex-1 whitespace-nowrap text-ink-2 text-xs tabular-nums">
          {pixels !== null && damaged !== url && `${pixels.width} × ${pixels.height} px · `}
          {size}
        </p>
        <fieldset className="flex shrink-0 items-center gap-0.5">
          <legend className="sr-only">Size of the picture</legend>
          <Zoom on={whole} onChoose={() => setWhole(true)}>
            Fit
          </Zoom>
          <Zoom on={!whole} onChoose={() => setWhole(false)}>
            100 %
          </Zoom>
        </fieldset>
        {children}
      </div>
    </>
  );
}

function Zoom({ on, onChoose, children }: { on: boolean; onChoose: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onChoose}
      className={clsx(
        'h-7 rounded-md px-2 phone:h-11 phone:px-3',
        on ? 'bg-surface-3 text-ink-1' : 'text-ink-2 hover:bg-surface-2 hover:text-ink-1',
      )}
    >
      {children}
    </button>
  );
}

/** An address of `blob` for this page, which goes when nobody shows it any more; null before there is one. */
function useObjectUrl(blob: Blob): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

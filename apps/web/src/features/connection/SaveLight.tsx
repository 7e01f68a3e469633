import clsx from 'clsx';
import { useLive } from '../../desk/room.tsx';
import { Popover } from '../../ui/Popover.tsx';
import { saveWords } from './words.ts';

const DOTS = { success: 'bg-success', neutral: 'bg-ink-3', warning: 'bg-warning' } as const;

/** Where what was typed is: in this browser, on its way, or in the database. Its width does not change with its words. */
export function SaveLight() {
  const save = useLive((view) => view.save);
  const connection = useLive((view) => view.connection);
  const storage = useLive((view) => view.storage);
  const { label, tone, detail } = saveWords({ save, connection, storage });
  return (
    <Popover
      label="Saving"
      trigger={
        <button
          type="button"
          title={detail}
          aria-label={`${label}. ${detail}`}
          data-save={save.kind}
          className="inline-flex h-7 w-[118px] shrink-0 items-center gap-2 rounded-md px-2 text-ink-2 text-xs hover:bg-surface-2 phone:h-11 phone:w-auto phone:gap-1.5 phone:px-1.5 phone:text-2xs"
        >
          <span
            aria-hidden="true"
            className={clsx(
              'size-2 shrink-0 rounded-full transition-colors duration-120',
              DOTS[tone],
              save.kind === 'local' && 'ring-2 ring-warning/30',
            )}
          />
          {label}
        </button>
      }
    >
      <p className="font-medium">{label}</p>
      <p className="mt-1 text-ink-2">{detail}</p>
    </Popover>
  );
}

import { HardDrive } from 'lucide-react';
import { useLive } from '../../desk/room.tsx';
import { Popover } from '../../ui/Popover.tsx';
import { apartGroups, count } from './apart.ts';

/** How much is only on the disk of the workspace; opens to say what it is, and why. Nothing where all is in step. */
export function OnlyOnDisk() {
  const { apart, count: all } = useLive((view) => view.disk);
  if (all === 0) return null;
  const words = 'only on the disk';
  const label = `${count(all)} ${words}`;
  return (
    <Popover
      label={label}
      trigger={
        <button
          type="button"
          title={label}
          className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-ink-3 text-xs tabular-nums hover:bg-surface-2 phone:h-11"
        >
          <HardDrive size={14} strokeWidth={1.5} aria-hidden="true" />
          <span>
            {`${count(all)} `}
            <span className="@max-[560px]:sr-only">{words}</span>
          </span>
        </button>
      }
    >
      <section
        aria-label="What is only on the disk"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        className="-m-3 max-h-[min(60vh,24rem)] overflow-y-auto p-3 focus-visible:-outline-offset-2"
      >
        <p className="font-medium">Not the same in the room and on the disk</p>
        <p className="mt-1 text-ink-2">
          Programs find what is on the disk. What is only there goes when the workspace goes.
        </p>
        {apartGroups(apart).map(({ why, sentences, names }) => (
          <div key={why} className="mt-3">
            <ul className="space-y-0.5 font-mono text-xs [overflow-wrap:anywhere]">
              {names.map((name) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
            <p className="mt-1 text-ink-2">{sentences}</p>
          </div>
        ))}
        {all > apart.length && <p className="mt-3 text-ink-2">{`And ${count(all - apart.length)} more.`}</p>}
      </section>
    </Popover>
  );
}

import { Link } from 'wouter';
import { Mark } from '../../ui/Wordmark.tsx';
import { At, type Slots } from './slots.tsx';

/** The head of a wide room. What runs is in the very middle, where nothing beside it can move it. */
export function Header({ header }: Pick<Slots, 'header'>) {
  return (
    <header className="grid h-11 shrink-0 grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] items-center gap-3 border-line border-b bg-surface-1 px-3">
      <div className="flex min-w-0 items-center gap-1">
        <Link
          href="/"
          aria-label="Start page"
          className="mr-1 inline-flex size-7 shrink-0 items-center justify-center rounded-md"
        >
          <Mark />
        </Link>
        <At items={header} place="title" />
        <At items={header} place="state" />
      </div>
      <At items={header} place="run" />
      <div className="flex min-w-0 items-center gap-1">
        <At items={header} place="run-state" />
        <span className="flex-1" />
        <At items={header} place="end" />
      </div>
    </header>
  );
}

/** The head of a room on a phone. */
export function PhoneHeader({ header }: Pick<Slots, 'header'>) {
  return (
    <header className="flex h-14 shrink-0 items-center gap-1.5 border-line border-b bg-surface-1 px-2">
      <div className="flex min-w-0 flex-1 items-center">
        <At items={header} place="title" />
      </div>
      <At items={header} place="state" />
      <At items={header} place="run-state" />
      <At items={header} place="run" />
    </header>
  );
}

import clsx from 'clsx';
import { CodeXml, Files, SquareTerminal, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Pane } from './panels.ts';

type PhoneProps = {
  header: ReactNode;
  pane: Pane;
  onPane: (pane: Pane) => void;
  running: boolean;
  here: number;
  files: ReactNode;
  code: ReactNode;
  output: ReactNode;
  people: ReactNode;
  /** Below the pane. */
  foot: ReactNode;
};

const PANES = [
  { pane: 'code', label: 'Code', icon: CodeXml },
  { pane: 'output', label: 'Output', icon: SquareTerminal },
  { pane: 'people', label: 'People', icon: Users },
  { pane: 'files', label: 'Files', icon: Files },
] as const;

/** The narrow room: one pane at a time, and a bar to change it. The editor stays, so that nothing is lost of it. */
export function Phone({
  header,
  pane,
  onPane,
  running,
  here,
  files,
  code,
  output,
  people,
  foot,
}: PhoneProps) {
  return (
    <div className="flex h-dvh flex-col">
      {header}
      <main className="relative flex min-h-0 flex-1 flex-col">
        <div className="min-h-0 flex-1">
          <div className={clsx('h-full', pane !== 'code' && 'hidden')}>{code}</div>
          {pane === 'output' && output}
          {pane === 'people' && people}
          {pane === 'files' && files}
        </div>
        {foot}
      </main>
      <nav
        aria-label="Panes"
        className="shrink-0 border-line border-t bg-surface-1 pb-[env(safe-area-inset-bottom)]"
      >
        <ul className="grid grid-cols-4">
          {PANES.map(({ pane: name, label, icon: Icon }) => (
            <li key={name}>
              <button
                type="button"
                aria-current={pane === name ? 'page' : undefined}
                onClick={() => onPane(name)}
                className={clsx(
                  'relative flex h-14 w-full flex-col items-center justify-center gap-0.5 text-2xs focus-visible:-outline-offset-2',
                  pane === name ? 'font-medium text-accent' : 'text-ink-2',
                )}
              >
                <Icon aria-hidden="true" size={20} strokeWidth={1.5} />
                {name === 'people' ? `${label} ${here}` : label}
                {name === 'output' && running && (
                  <span className="absolute top-2 left-[calc(50%+10px)] size-2 rounded-full bg-accent">
                    <span className="sr-only">a program runs</span>
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

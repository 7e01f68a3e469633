import clsx from 'clsx';
import { CodeXml } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Panel } from '../../desk/feature.ts';
import { useDesk, useDeskState } from '../../desk/hooks.tsx';
import type { Slots } from './slots.tsx';

type PhoneProps = Pick<Slots, 'panels'> & {
  header: ReactNode;
  code: ReactNode;
  /** Below the pane. */
  foot: ReactNode;
};

/** The narrow room: one pane at a time, and a bar to change it. The editor stays, so that nothing is lost of it. */
export function Phone({ panels, header, code, foot }: PhoneProps) {
  const { setPane } = useDesk();
  const pane = useDeskState((state) => state.pane);
  const Shown = panels.find(({ id }) => id === pane)?.Content;
  const bar = panels.toSorted((a, b) => a.phone.order - b.phone.order);
  return (
    <div className="flex h-dvh flex-col">
      {header}
      <main className="relative flex min-h-0 flex-1 flex-col">
        <div className="min-h-0 flex-1">
          <div className={clsx('h-full', pane !== 'code' && 'hidden')}>{code}</div>
          {Shown !== undefined && <Shown />}
        </div>
        {foot}
      </main>
      <nav
        aria-label="Panes"
        className="shrink-0 border-line border-t bg-surface-1 pb-[env(safe-area-inset-bottom)]"
      >
        <ul className="grid auto-cols-[minmax(max-content,1fr)] grid-flow-col px-0.5">
          <Tab title="Code" icon={CodeXml} current={pane === 'code'} onChoose={() => setPane('code')} />
          {bar.map(({ id, title, phone }) => (
            <Tab key={id} title={title} {...phone} current={pane === id} onChoose={() => setPane(id)} />
          ))}
        </ul>
      </nav>
    </div>
  );
}

type TabProps = Omit<Panel['phone'], 'order'> & { title: string; current: boolean; onChoose: () => void };

function Tab({ title, icon: Icon, Count, Mark, current, onChoose }: TabProps) {
  return (
    <li>
      <button
        type="button"
        aria-current={current ? 'page' : undefined}
        onClick={onChoose}
        className={clsx(
          'relative flex h-14 w-full flex-col items-center justify-center gap-0.5 px-0.5 text-2xs focus-visible:-outline-offset-2',
          current ? 'font-medium text-accent' : 'text-ink-2',
        )}
      >
        <Icon aria-hidden="true" size={20} strokeWidth={1.5} />
        {title}
        {Count !== undefined && (
          <>
            {' '}
            <span className="absolute top-1 left-1/2 ml-3">
              <Count />
            </span>
          </>
        )}
        {Mark !== undefined && <Mark />}
      </button>
    </li>
  );
}

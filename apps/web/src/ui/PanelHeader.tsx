import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext } from 'react';
import { IconButton } from './IconButton.tsx';

type PanelHeaderProps = {
  title: string;
  /** What follows the title. */
  start?: ReactNode;
  /** Buttons at the end of the line. */
  children?: ReactNode;
  onClose?: () => void;
};

/** What stands in the head of a panel instead of its title: tabs, where panels share a place. */
export const PanelTabs = createContext<ReactNode>(null);

export function PanelHeader({ title, start, children, onClose }: PanelHeaderProps) {
  const tabs = useContext(PanelTabs);
  return (
    <header className="flex h-9 shrink-0 items-center gap-0.5 pr-1 pl-3 phone:h-12">
      {tabs ?? <h2 className="shrink-0 font-medium text-ink-2 text-xs">{title}</h2>}
      {start}
      <span className="grow" />
      {children}
      {onClose !== undefined && (
        <IconButton label={`Close ${title.toLowerCase()}`} onClick={onClose}>
          <X size={16} strokeWidth={1.5} />
        </IconButton>
      )}
    </header>
  );
}

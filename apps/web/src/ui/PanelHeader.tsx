import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './IconButton.tsx';

type PanelHeaderProps = {
  title: string;
  /** Buttons at the end of the line. */
  children?: ReactNode;
  onClose?: () => void;
};

export function PanelHeader({ title, children, onClose }: PanelHeaderProps) {
  return (
    <header className="flex h-9 shrink-0 items-center gap-0.5 pr-1 pl-3 phone:h-12">
      <h2 className="shrink-0 grow font-medium text-ink-2 text-xs">{title}</h2>
      {children}
      {onClose !== undefined && (
        <IconButton label={`Close ${title.toLowerCase()}`} onClick={onClose}>
          <X size={16} strokeWidth={1.5} />
        </IconButton>
      )}
    </header>
  );
}

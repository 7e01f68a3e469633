import { Command, Share2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Mark } from '../../ui/Wordmark.tsx';

type HeaderProps = {
  /** The room's name and menu, and how safe what was typed is. */
  start: ReactNode;
  /** In the very middle, where nothing beside it can move it. */
  run: ReactNode;
  sandbox: ReactNode;
  /** The people, and the theme. */
  end: ReactNode;
  onShare: () => void;
  onPalette: () => void;
  paletteKeys: string;
};

export function Header({ start, run, sandbox, end, onShare, onPalette, paletteKeys }: HeaderProps) {
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
        {start}
      </div>
      {run}
      <div className="flex min-w-0 items-center gap-1">
        {sandbox}
        <span className="flex-1" />
        <IconButton
          label="Command palette"
          shortcut={paletteKeys}
          onClick={onPalette}
          className="max-[900px]:hidden"
        >
          <Command size={16} strokeWidth={1.5} />
        </IconButton>
        {end}
        <Button
          onClick={onShare}
          aria-label="Share"
          icon={<Share2 size={14} strokeWidth={1.5} />}
          className="ml-1 max-[900px]:w-8 max-[900px]:px-0"
        >
          <span className="max-[900px]:hidden">Share</span>
        </Button>
      </div>
    </header>
  );
}

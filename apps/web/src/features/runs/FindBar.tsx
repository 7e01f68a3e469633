import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { IconButton } from '../../ui/IconButton.tsx';
import { INPUT } from '../../ui/TextField.tsx';

type FindBarProps = {
  words: string;
  /** How many places there are, and which of them is looked at, from 0. */
  count: number;
  at: number;
  onWords: (words: string) => void;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
};

/** Finds words in the output: Enter goes to the next place, Shift+Enter to the one before, Escape closes it. */
export function FindBar({ words, count, at, onWords, onStep, onClose }: FindBarProps) {
  return (
    <search className="flex items-center gap-1 border-line border-b px-3 py-1">
      <input
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        aria-label="Find in the output"
        placeholder="Find in the output"
        value={words}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onWords(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className={`${INPUT} h-7! max-w-72 flex-1`}
      />
      <span role="status" className="min-w-16 px-1 text-ink-3 text-xs tabular-nums">
        {words === '' ? '' : count === 0 ? 'Not found' : `${at + 1} of ${count}`}
      </span>
      <IconButton label="Previous place" disabled={count === 0} onClick={() => onStep(-1)}>
        <ChevronUp size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Next place" disabled={count === 0} onClick={() => onStep(1)}>
        <ChevronDown size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Close the search" onClick={onClose}>
        <X size={16} strokeWidth={1.5} />
      </IconButton>
    </search>
  );
}

import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { IconButton } from './IconButton.tsx';
import { INPUT } from './TextField.tsx';

type FindBarProps = {
  /** Says where it finds. */
  label: string;
  words: string;
  /** What was found, in words. */
  told: string;
  /** There is no place to go to. */
  nowhere: boolean;
  /** Which way Enter goes: 1 to the next place, -1 to the one before. Shift+Enter goes the other way. */
  enter: 1 | -1;
  onWords: (words: string) => void;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
};

/** Finds words in what is shown below it. Escape closes it. */
export function FindBar({ label, words, told, nowhere, enter, onWords, onStep, onClose }: FindBarProps) {
  return (
    <search className="flex items-center gap-1 border-line border-b px-3 py-1">
      <input
        // biome-ignore lint/a11y/noAutofocus: it was just asked for
        autoFocus
        aria-label={label}
        placeholder={label}
        value={words}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onWords(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? (enter === 1 ? -1 : 1) : enter);
          else if (event.key === 'Escape') onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className={`${INPUT} h-7! max-w-72 flex-1`}
      />
      <span role="status" className="min-w-16 px-1 text-ink-3 text-xs tabular-nums">
        {told}
      </span>
      <IconButton label="Previous place" disabled={nowhere} onClick={() => onStep(-1)}>
        <ChevronUp size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Next place" disabled={nowhere} onClick={() => onStep(1)}>
        <ChevronDown size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Close the search" onClick={onClose}>
        <X size={16} strokeWidth={1.5} />
      </IconButton>
    </search>
  );
}

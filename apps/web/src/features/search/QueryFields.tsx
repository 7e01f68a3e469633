import clsx from 'clsx';
import {
  CaseSensitive,
  ChevronDown,
  ChevronRight,
  type LucideIcon,
  Regex,
  ReplaceAll,
  WholeWord,
} from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useDesk } from '../../desk/hooks.tsx';
import { shown as keysShown } from '../../desk/shortcuts.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { searchOf, shownOf, step, useSearch, useShown } from './desk-search.ts';
import { Field } from './Field.tsx';
import type { Query } from './messages.ts';

const OPTIONS: readonly {
  readonly option: 'matchCase' | 'wholeWord' | 'regex';
  readonly label: string;
  readonly icon: LucideIcon;
}[] = [
  { option: 'matchCase', label: 'Match case', icon: CaseSensitive },
  { option: 'wholeWord', label: 'Whole words', icon: WholeWord },
  { option: 'regex', label: 'Regular expression', icon: Regex },
];

type QueryFieldsProps = { mayReplace: boolean };

/** What is looked for, how, and what it is to become. */
export function QueryFields({ mayReplace }: QueryFieldsProps) {
  const desk = useDesk();
  const search = searchOf(desk);
  const query = useSearch((state) => state.query);
  const replacement = useSearch((state) => state.replacement);
  const found = useSearch((state) => state.found);
  const isWrong = useSearch((state) => state.problem !== null);
  const wanted = useShown((shown) => shown.wanted);
  const text = useRef<HTMLInputElement>(null);
  const becomes = useRef<HTMLInputElement>(null);
  const isReplacing = mayReplace && replacement !== null;

  useEffect(() => {
    if (wanted === null) return;
    const field = wanted.field === 'text' ? text.current : (becomes.current ?? text.current);
    field?.focus();
    field?.select();
    shownOf(desk).setState({ wanted: null });
  }, [desk, wanted]);

  /** Down goes to the results, Enter to the next of them. */
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      document.querySelector<HTMLElement>('[role="tree"][aria-label="Results"]')?.focus();
    }
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (found.size > 0) step(desk, event.shiftKey ? -1 : 1);
      else search.ask({});
    }
  };

  return (
    <div className="flex items-start gap-0.5">
      {mayReplace && (
        <button
          type="button"
          aria-label="Replace"
          aria-expanded={isReplacing}
          onClick={() => search.replaceBy(isReplacing ? null : '')}
          className="inline-flex h-8 w-5 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-surface-2 hover:text-ink-1 phone:h-12 phone:w-11"
        >
          {isReplacing ? (
            <ChevronDown size={14} strokeWidth={1.5} aria-hidden="true" />
          ) : (
            <ChevronRight size={14} strokeWidth={1.5} aria-hidden="true" />
          )}
        </button>
      )}
      <div className="min-w-0 flex-1 space-y-1.5">
        <Field
          ref={text}
          label="Search in all files"
          placeholder="Search"
          value={query.text}
          isWrong={isWrong}
          onChange={(event) => search.ask({ text: event.target.value })}
          onKeyDown={onKeyDown}
        >
          {OPTIONS.map((option) => (
            <OptionButton
              key={option.option}
              {...option}
              query={query}
              onChange={(change) => search.ask(change)}
            />
          ))}
        </Field>
        {isReplacing && (
          <Field
            ref={becomes}
            label="Replace by"
            placeholder="Replace"
            value={replacement}
            onChange={(event) => search.replaceBy(event.target.value)}
            onKeyDown={onKeyDown}
          >
            <IconButton
              label="Replace all…"
              shortcut={keysShown('mod+alt+enter', desk.mac)}
              disabled={found.size === 0}
              onClick={() => shownOf(desk).setState({ asking: true })}
              className="size-6! phone:size-11!"
            >
              <ReplaceAll size={16} strokeWidth={1.5} />
            </IconButton>
          </Field>
        )}
      </div>
    </div>
  );
}

type OptionButtonProps = (typeof OPTIONS)[number] & {
  query: Query;
  onChange: (change: Partial<Query>) => void;
};

function OptionButton({ option, label, icon: Icon, query, onChange }: OptionButtonProps) {
  const isOn = query[option];
  return (
    <IconButton
      label={label}
      pressed={isOn}
      onClick={() => onChange({ [option]: !isOn })}
      className={clsx('size-6! phone:size-11!', isOn && 'bg-accent-soft! text-accent!')}
    >
      <Icon size={16} strokeWidth={1.5} />
    </IconButton>
  );
}

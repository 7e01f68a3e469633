import type { Run } from '@codesync/protocol';
import clsx from 'clsx';
import { useRef } from 'react';
import { useNow } from '../../ui/hooks.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { TONES } from './tones.ts';
import { endFacts, stateWords } from './words.ts';

/** The state of the seen run in the panel's head, with its time while it runs. */
export function RunState({ run }: { run: Run }) {
  const going = run.end === null;
  const phase = useRef({ name: run.phase, since: Date.now() });
  if (phase.current.name !== run.phase) phase.current = { name: run.phase, since: Date.now() };
  const now = useNow(500, going);
  const words = stateWords(run, Math.max(0, now - phase.current.since));
  const facts = run.end === null ? [] : endFacts(run.end);
  return (
    // What does not fit goes into a second line, which is cut off. So the measures go one by one, from the last.
    <span
      data-run-state={run.end?.reason ?? run.phase}
      title={[words.label, ...facts.map(({ name, value }) => `${name} ${value}`)].join(' · ')}
      className="flex h-6 min-w-24 flex-[99] flex-wrap justify-end gap-x-2 overflow-hidden px-1 text-xs leading-6"
    >
      <span className={clsx('flex min-w-0 max-w-full items-center gap-1.5 font-medium', TONES[words.tone])}>
        {going && <Spinner className="size-3" />}
        <span className="truncate">{words.label}</span>
      </span>
      {facts.map(({ name, value }) => (
        <span key={name} className="whitespace-nowrap text-ink-2 tabular-nums">
          <span className="text-ink-3">{name}</span> {value}
        </span>
      ))}
    </span>
  );
}

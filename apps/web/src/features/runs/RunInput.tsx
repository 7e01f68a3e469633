import type { Refusal, Run } from '@codesync/protocol';
import clsx from 'clsx';
import { CornerDownLeft } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useCommand } from '../../desk/hooks.tsx';
import { useSettings } from '../../desk/settings.ts';
import { Button } from '../../ui/Button.tsx';
import { stdinOf } from './configuration-words.ts';
import { useRunnerState } from './hooks.ts';
import { pathOfRun } from './words.ts';

/**
 * A line typed into a running program. Enter sends it. Ctrl+D does what it does in a terminal: it sends what stands in
 * the line without ending the line, and ends the input where nothing stands in it.
 */
export function RunInput({ run }: { run: Run }) {
  const command = useCommand();
  const fontSize = useSettings((settings) => settings.fontSize);
  /** The program most likely waits for a line. */
  const waiting = useRunnerState((state) => state.waiting === run.id);
  /** This line is to have the focus now. */
  const wanted = useRunnerState((state) => state.wanted === run.id);
  const [text, setText] = useState('');
  const input = stdinOf(run);
  const ended = run.inputEnded !== undefined;
  const [refused, setRefused] = useState<Refusal | null>(null);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (wanted) field.current?.focus();
  }, [wanted]);

  const send = async (line: string, eof: boolean) => {
    const result = await command({ kind: 'run.input', run: run.id, text: line, eof });
    setRefused(result.ok ? null : result.error);
  };

  return (
    <form
      className={clsx(
        'flex min-h-9 shrink-0 items-center gap-2 border-t pr-1 pl-3 phone:min-h-12',
        waiting ? 'border-accent bg-accent-soft' : 'border-line',
      )}
      onSubmit={(event) => {
        event.preventDefault();
        if (ended) return;
        void send(`${text}\n`, false);
        setText('');
      }}
    >
      <span aria-hidden="true" className="font-mono text-accent">
        ›
      </span>
      <input
        ref={field}
        aria-label={`Input for ${pathOfRun(run)}`}
        value={text}
        disabled={ended}
        placeholder={
          refused?.message ??
          (ended
            ? input === null
              ? 'Input has ended'
              : `Its input is ${input}`
            : waiting
              ? 'The program waits: type a line, Enter sends it'
              : 'Type a line for the program, Enter sends it')
        }
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'd' && event.ctrlKey) {
            event.preventDefault();
            void send(text, text === '');
            setText('');
          }
        }}
        className="h-8 min-w-0 flex-1 bg-transparent font-mono outline-none"
        style={{ fontSize }}
      />
      <Button type="submit" variant="ghost" disabled={ended} aria-label="Send input">
        <CornerDownLeft size={14} strokeWidth={1.5} aria-hidden="true" />
      </Button>
      <Button
        variant="ghost"
        disabled={ended}
        title="End the input (Ctrl+D)"
        onClick={() => {
          void send(text, true);
          setText('');
        }}
      >
        End input
      </Button>
    </form>
  );
}

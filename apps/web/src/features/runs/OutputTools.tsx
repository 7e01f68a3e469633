import type { Run } from '@codesync/protocol';
import { Check, Copy, Download, Eraser, History, MessageSquareShare, Search, TextWrap } from 'lucide-react';
import { useDesk } from '../../desk/hooks.tsx';
import { useSettings } from '../../desk/settings.ts';
import { Button } from '../../ui/Button.tsx';
import { useCopy } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Select } from '../../ui/Select.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { clock } from '../../ui/time.ts';
import { useRunner } from './hooks.ts';
import { RunState } from './RunState.tsx';
import { HISTORY } from './runner.ts';
import { plainText } from './transcript.ts';
import { fileNameOf, pathOfRun, resultWords } from './words.ts';

type OutputToolsProps = {
  /** The run that is seen, and all of them, oldest first. */
  run: Run;
  runs: readonly Run[];
  nameOf: (run: Run) => string;
  /** Clears so many UTF-16 units of the output from this person's view. Nobody else's changes. */
  onClear: (units: number) => void;
  finding: boolean;
  onFinding: (finding: boolean) => void;
};

/** What stands in the head of the output: how the run is, which run it is, and what can be done with its output. */
export function OutputTools({ run, runs, nameOf, onClear, finding, onFinding }: OutputToolsProps) {
  const desk = useDesk();
  const { openDialog } = desk;
  const { select } = useRunner();
  const wrap = useSettings((settings) => settings.wrapOutput);
  const set = useSettings((settings) => settings.set);
  const { copy, state: copied } = useCopy();
  const newest = runs.at(-1);
  return (
    <>
      <RunState run={run} />
      {run.id !== newest?.id && (
        <Button
          variant="ghost"
          onClick={() => select(null)}
          className="@max-[640px]:hidden text-accent text-xs"
        >
          Newest run
        </Button>
      )}
      {runs.length > 1 && (
        <Select
          label="Which run"
          value={run.id}
          onChange={(id) => select(id === newest?.id ? null : id)}
          className="mx-1 max-w-[30cqw] @max-[640px]:max-w-[22cqw] border-transparent! bg-transparent! text-xs"
          options={runs.toReversed().map((of) => ({
            value: of.id,
            label: `${pathOfRun(of)} · ${nameOf(of)}`,
            hint: `${clock(of.startedAt)} · ${resultWords(of)}`,
          }))}
        />
      )}
      <IconButton label="Run history" onClick={() => openDialog(HISTORY)}>
        <History size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton
        label="Wrap lines"
        pressed={wrap}
        onClick={() => set({ wrapOutput: !wrap })}
        className="phone:hidden"
      >
        <TextWrap size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton
        label={
          copied === 'copied'
            ? 'Copied'
            : copied === 'failed'
              ? 'The browser refused to copy'
              : 'Copy all output'
        }
        onClick={() => void copy(plainText(run.output))}
      >
        {copied === 'copied' ? <Check size={16} strokeWidth={1.5} /> : <Copy size={16} strokeWidth={1.5} />}
      </IconButton>
      <IconButton
        label="Send to the chat: what is selected, or the end of the output"
        className="@max-[640px]:hidden"
        onClick={() => desk.quote({ code: quoteOf(run), language: null, place: null })}
      >
        <MessageSquareShare size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton
        label="Save the output as a file"
        className="phone:hidden"
        onClick={() => saveFile(fileNameOf(run), new Blob([plainText(run.output)], { type: 'text/plain' }))}
      >
        <Download size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Find in the output" pressed={finding} onClick={() => onFinding(!finding)}>
        <Search size={16} strokeWidth={1.5} />
      </IconButton>
      <IconButton label="Clear my view" className="phone:hidden" onClick={() => onClear(unitsOf(run.output))}>
        <Eraser size={16} strokeWidth={1.5} />
      </IconButton>
    </>
  );
}

/** So many of the last lines are taken where nothing is selected. */
const QUOTED_LINES = 30;
const QUOTED_UNITS = 6_000;

/** What is selected of the output that is seen, else its end. */
function quoteOf(run: Run): string {
  const selection = getSelection();
  const seen = document.querySelector('[role="log"][aria-label="Output"]');
  const selected = selection?.toString() ?? '';
  const isOutput = selection?.anchorNode != null && seen?.contains(selection.anchorNode) === true;
  const whole = isOutput && selected.trim() !== '' ? selected : plainText(run.output);
  return whole.trimEnd().split('\n').slice(-QUOTED_LINES).join('\n').slice(-QUOTED_UNITS);
}

function unitsOf(pieces: Run['output']): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

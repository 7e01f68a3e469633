import type { FileId, ParticipantId } from '@codesync/protocol';
import { ArrowLeft, Check, Copy, Download, RotateCcw } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { bytesInWords } from '../../blobs/size-words.ts';
import { useDesk, useOnline } from '../../desk/hooks.tsx';
import { useMay, useReading, useRoom } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { useTheme } from '../../desk/theme.ts';
import { fileLanguageOf } from '../../editor/languages.ts';
import { Button } from '../../ui/Button.tsx';
import { useCopy } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { lazily } from '../../ui/lazily.tsx';
import { Select } from '../../ui/Select.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { archiveOf } from './archive.ts';
import { useBlocked, useRunner } from './hooks.ts';
import { RunOutput } from './RunOutput.tsx';
import { RunState } from './RunState.tsx';
import { plainText } from './transcript.ts';
import { type HistoryRow, usePastContent } from './useHistory.ts';
import { fileNameOf, pathOfRun } from './words.ts';

const PastCode = lazily(async () => (await import('../../editor/PastCode.tsx')).default);

type PastRunViewProps = {
  row: HistoryRow;
  nameOf: (participant: ParticipantId | null) => string;
  /** The history is to be left. */
  onDone: () => void;
  /** Goes back to the list, where that is not beside it. */
  onBack: (() => void) | null;
};

/** One run of the history: the code that it ran, and beside it what it printed. */
export function PastRunView({ row: { seq, run }, nameOf, onDone, onBack }: PastRunViewProps) {
  const desk = useDesk();
  const archive = archiveOf(desk);
  const { again } = useRunner();
  const blocked = useBlocked();
  const online = useOnline();
  const mayRun = useMay('run.start');
  const files = useRoom(({ room }) => room.files);
  const wrap = useSettings((settings) => settings.wrapOutput);
  const fontSize = useSettings((settings) => settings.fontSize);
  const [finding, setFinding] = useState(false);
  const { copy, state: copied } = useCopy();
  const lacking = run.outputDropped;
  useEffect(() => {
    if (lacking) void archive.whole(seq);
  }, [archive, seq, lacking]);
  const cannot =
    blocked ?? (files.has(run.entry) ? null : 'The file that it ran was deleted. Bring it back first.');

  return (
    <section aria-label={`Run of ${pathOfRun(run)}`} className="flex min-h-0 min-w-0 flex-1 flex-col gap-2">
      <div className="flex items-center gap-1">
        {onBack !== null && (
          <IconButton label="Back to the runs" onClick={onBack}>
            <ArrowLeft size={16} strokeWidth={1.5} />
          </IconButton>
        )}
        <h3 className="max-w-[40%] shrink-0 truncate font-medium phone:hidden">
          {run.configuration?.name ?? pathOfRun(run)}
        </h3>
        <RunState run={run} />
        <IconButton
          label={copied === 'copied' ? 'Copied' : 'Copy its output'}
          disabled={lacking}
          onClick={() => void copy(plainText(run.output))}
        >
          {copied === 'copied' ? <Check size={16} strokeWidth={1.5} /> : <Copy size={16} strokeWidth={1.5} />}
        </IconButton>
        <IconButton
          label="Save its output as a file"
          className="phone:hidden"
          disabled={lacking}
          onClick={() => saveFile(fileNameOf(run), new Blob([plainText(run.output)], { type: 'text/plain' }))}
        >
          <Download size={16} strokeWidth={1.5} />
        </IconButton>
        {mayRun && (
          <Button
            icon={<RotateCcw size={14} strokeWidth={1.5} aria-hidden="true" />}
            disabled={cannot !== null}
            title={cannot ?? 'With the code as it is now'}
            onClick={() => {
              again(run);
              onDone();
            }}
          >
            Run again
          </Button>
        )}
      </div>
      <div className="flex min-h-0 flex-1 gap-2 max-[900px]:flex-col">
        <Code seq={seq} run={run} />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line">
          {lacking ? (
            <p className="flex items-center gap-2 p-3 text-ink-3">
              <Spinner /> Asking for its output
            </p>
          ) : (
            <RunOutput
              run={run}
              by={nameOf(run.by)}
              nameOf={nameOf}
              online={online}
              from={0}
              wrap={wrap}
              fontSize={fontSize}
              onFollow={(path, line) => {
                const file = [...files.values()].find((other) => other.path === path);
                if (file === undefined) return;
                onDone();
                desk.reveal(file.id, { line });
              }}
              finding={finding}
              onFinding={setFinding}
            />
          )}
        </div>
      </div>
    </section>
  );
}

/** The code of a run: one of its files as it was then, alone or against what it is now. */
function Code({ seq, run }: Pick<HistoryRow, 'seq' | 'run'>) {
  const reading = useReading();
  const theme = useTheme();
  const { fontSize, wordWrap } = useSettings();
  const [file, setFile] = useState<FileId>(run.entry);
  const [compared, setCompared] = useState(false);
  const content = usePastContent(seq, file);
  const isBinary = typeof content === 'object' && content !== null;
  const path = run.files.find((each) => each.file === file)?.path ?? pathOfRun(run);
  const files = useRoom(({ room }) => room.files);
  const chosen = files.get(file)?.language ?? null;
  const language = file === run.entry ? run.language : fileLanguageOf({ path, language: chosen });
  const now = compared ? (reading.document(file)?.text() ?? null) : null;
  const there = reading.document(file) !== null;
  return (
    <section
      aria-label="The code that it ran"
      className="flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line"
    >
      <div className="flex items-center gap-1 border-line border-b px-1 py-1">
        <Select
          label="File of the run"
          value={file}
          onChange={setFile}
          options={run.files.map((each) => ({
            value: each.file,
            label: each.path,
            hint: files.get(each.file)?.blob ? 'no text' : `version ${each.version}`,
          }))}
          className="min-w-0 max-w-64 border-transparent! bg-transparent!"
        />
        <span className="flex-1" />
        <Button
          variant="ghost"
          aria-pressed={compared}
          disabled={!there || isBinary}
          title={isBinary ? 'It is no text' : there ? undefined : 'It was deleted since'}
          onClick={() => setCompared(!compared)}
        >
          {compared ? 'Show it alone' : 'Compare with now'}
        </Button>
      </div>
      <div className="relative min-h-0 flex-1">
        {isBinary ? (
          <p className="p-3 text-ink-3">{`${path} was no text: ${bytesInWords(content.bytes)}.`}</p>
        ) : content === null ? (
          <p className="p-3 text-ink-3">The code of this run could not be read. Try again.</p>
        ) : (
          <Suspense fallback={<Spinner className="m-3" />}>
            {content === undefined ? (
              <Spinner className="m-3" />
            ) : (
              <PastCode
                path={path}
                language={language}
                text={content}
                now={now}
                theme={theme}
                fontSize={fontSize}
                wordWrap={wordWrap}
              />
            )}
          </Suspense>
        )}
      </div>
    </section>
  );
}

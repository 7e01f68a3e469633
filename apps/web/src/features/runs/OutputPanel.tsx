import type { ParticipantId, Run, RunId } from '@codesync/protocol';
import { Play } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { PanelProps } from '../../desk/feature.ts';
import { useDesk, useOnline } from '../../desk/hooks.tsx';
import { useMay, useReading, useRoom } from '../../desk/room.tsx';
import { useSettings } from '../../desk/settings.ts';
import { shown } from '../../desk/shortcuts.ts';
import { PanelHeader } from '../../ui/PanelHeader.tsx';
import { nameOfTarget } from './entry.ts';
import { useBlocked, useRunnerState, useTarget } from './hooks.ts';
import { OutputTools } from './OutputTools.tsx';
import { RUN_KEYS } from './RunControls.tsx';
import { RunInput } from './RunInput.tsx';
import { RunOutput } from './RunOutput.tsx';
import { useAnnouncement } from './useAnnouncement.ts';

/** What a run printed, as it prints it, and how it ended; earlier runs can be chosen. */
export function OutputPanel({ onClose }: PanelProps) {
  const { view } = useReading();
  const desk = useDesk();
  const all = useRoom(({ room }) => room.runs);
  const members = useRoom(({ room }) => room.members);
  const selected = useRunnerState((state) => state.selected);
  const mayRun = useMay('run.start');
  const online = useOnline();
  const wrap = useSettings((settings) => settings.wrapOutput);
  const fontSize = useSettings((settings) => settings.fontSize);
  const runs = useMemo(() => [...all.values()], [all]);
  const run = (selected === null ? undefined : all.get(selected)) ?? runs.at(-1) ?? null;
  const personOf = useCallback(
    (of: ParticipantId | null) => (of === null ? undefined : members.get(of)?.name) ?? 'Someone',
    [members],
  );
  const nameOf = useCallback(({ by }: Run) => personOf(by), [personOf]);
  const said = useAnnouncement(runs, nameOf);
  const [finding, setFinding] = useState(false);
  const [cleared, setCleared] = useState<{ run: RunId; units: number } | null>(null);

  const follow = useCallback(
    (path: string, line: number) => {
      const file = [...view().room.files.values()].find((other) => other.path === path);
      if (file !== undefined) desk.reveal(file.id, { line });
    },
    [view, desk],
  );

  return (
    <section aria-label="Output" className="flex h-full min-h-0 flex-col bg-surface-0">
      <div className="@container border-line border-b">
        <PanelHeader title="Output" {...(onClose === undefined ? {} : { onClose })}>
          {run !== null && (
            <OutputTools
              run={run}
              runs={runs}
              nameOf={nameOf}
              finding={finding}
              onFinding={setFinding}
              onClear={(units) => setCleared({ run: run.id, units })}
            />
          )}
        </PanelHeader>
      </div>
      {run === null ? (
        <NothingRun />
      ) : (
        <>
          <RunOutput
            key={run.id}
            run={run}
            by={nameOf(run)}
            nameOf={personOf}
            online={online}
            from={cleared?.run === run.id ? cleared.units : 0}
            wrap={wrap}
            fontSize={fontSize}
            onFollow={follow}
            finding={finding}
            onFinding={setFinding}
          />
          {run.end === null && run.phase === 'running' && mayRun && (
            <RunInput key={`${run.id}-input`} run={run} />
          )}
        </>
      )}
      <div role="status" className="sr-only">
        {said}
      </div>
    </section>
  );
}

/** Before anything was run: what to do. */
function NothingRun() {
  const { mac } = useDesk();
  const target = useTarget();
  const mayRun = useMay('run.start');
  const blocked = useBlocked();
  const words = !mayRun
    ? 'Nothing has been run yet. What others run shows here.'
    : (blocked ??
      (target === null
        ? 'Open a file that can be run.'
        : `Run ${nameOfTarget(target)} with ${shown(RUN_KEYS, mac)}. Everyone here sees the output.`));
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-2 p-4 text-center text-ink-3">
      <Play size={20} strokeWidth={1.5} aria-hidden="true" />
      <p className="max-w-80">{words}</p>
    </div>
  );
}

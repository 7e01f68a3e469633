import { ScrollText } from 'lucide-react';
import type { Command } from '../../desk/command.ts';
import type { Desk } from '../../desk/desk.ts';
import type { Feature } from '../../desk/feature.ts';
import { ConfigurationsDialog } from './ConfigurationsDialog.tsx';
import { nameOfTarget } from './entry.ts';
import { FollowRuns } from './FollowRuns.tsx';
import { GoingMark } from './GoingMark.tsx';
import { HistoryDialog } from './HistoryDialog.tsx';
import { OutputPanel } from './OutputPanel.tsx';
import { RUN_KEYS, RunControls } from './RunControls.tsx';
import { CONFIGURATIONS, HISTORY, runnerOf } from './runner.ts';
import { SandboxState } from './SandboxState.tsx';

function commands(desk: Desk): readonly Command[] {
  const runner = runnerOf(desk);
  const { room } = desk.view();
  const target = runner.target();
  const name = target === null ? null : nameOfTarget(target);
  const pinned = target?.kind === 'configuration' || target?.pinned === true;
  const running = runner.going().at(-1);
  const mayRun = desk.may('run.start');
  return [
    {
      id: 'run',
      title: name === null ? 'Run' : `Run ${name}`,
      section: 'Run',
      order: 10,
      keys: [RUN_KEYS],
      enabled: target !== null && mayRun,
      run: runner.runTarget,
    },
    {
      id: 'stop',
      title: 'Stop the running program',
      section: 'Run',
      order: 20,
      keys: ['mod+shift+enter'],
      enabled: running !== undefined && mayRun,
      run: () => {
        if (running !== undefined) void runner.stop(running.id);
      },
    },
    {
      id: 'run.pin',
      title: pinned ? 'Run what is open' : name === null ? 'Always run one file' : `Always run ${name}`,
      section: 'Run',
      order: 30,
      enabled: target !== null && mayRun,
      run: () => {
        if (target?.kind === 'configuration') runner.pinConfiguration(null);
        else if (target !== null) runner.pin(pinned ? null : target.file.id);
      },
    },
    {
      id: 'run.folder',
      title:
        room.workFolder === 'room'
          ? 'Start programs in their file’s own folder'
          : 'Start programs in the top folder',
      section: 'Run',
      order: 40,
      enabled: mayRun,
      run: runner.otherWorkFolder,
    },
    {
      id: 'run.configurations',
      title: 'Run configurations…',
      section: 'Run',
      order: 45,
      enabled: true,
      run: () => desk.openDialog(CONFIGURATIONS),
    },
    {
      id: 'run.history',
      title: 'Run history…',
      section: 'Run',
      order: 47,
      enabled: true,
      run: () => desk.openDialog(HISTORY),
    },
    {
      id: 'failure.next',
      title: 'Go to the next line that failed',
      section: 'Run',
      order: 50,
      keys: ['f8'],
      enabled: true,
      run: runner.nextFailure,
    },
  ];
}

/** Running programs, and what they print. */
export const runs: Feature = {
  panels: [
    {
      id: 'output',
      title: 'Output',
      side: 'below',
      order: 20,
      Content: OutputPanel,
      keys: ['mod+j'],
      size: { start: '32%', least: 88 },
      phone: { icon: ScrollText, order: 20, Mark: GoingMark },
    },
  ],
  header: [
    { place: 'run', order: 10, Content: RunControls },
    { place: 'run-state', order: 10, Content: SandboxState },
  ],
  dialogs: [
    { id: CONFIGURATIONS, Content: ConfigurationsDialog },
    { id: HISTORY, Content: HistoryDialog },
  ],
  commands,
  Background: FollowRuns,
};

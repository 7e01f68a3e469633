// The port to the runner: which host takes a run, and who keeps that host's runner alive.
import type { BlobReader, Runner, Workspaces } from '../ports.ts';
import { RunnerHost } from './host.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

/** A runner that stops with the server. */
export type RunningRunner = Runner & { readonly workspaces: Workspaces; stopped(): Promise<void> };

/** All runs go to one host: this machine, whose runner is a child of this process. */
export function startRunner(options: SupervisorOptions & { readonly readBlob: BlobReader }): RunningRunner {
  const host = new RunnerHost(options.clock, options.log, options.readBlob);
  const supervisor = new Supervisor(options, {
    started: (socket) => host.connect(socket),
    ended: (reason) => host.disconnect(reason),
    missing: () =>
      host.board.tell({
        state: 'off',
        reason: 'This installation has no runner.',
        mend: 'Install CodeSync anew to run code.',
      }),
  });
  supervisor.start();
  return {
    status: () => host.board.status,
    facts: () => host.board.facts,
    onStatus: (listener) => host.board.listen(listener),
    start: (request, listener) => host.start(request, listener),
    stop: (run) => host.stop(run),
    input: (run, text, eof) => host.input(run, text, eof),
    workspaces: host.workspaces,
    stopped: async () => {
      host.close();
      await supervisor.stop();
    },
  };
}

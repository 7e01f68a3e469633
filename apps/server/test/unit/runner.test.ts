import { MemoryRunner } from '../support/memory-runner.ts';
import { MemoryWorkspaces } from '../support/memory-workspaces.ts';
import { runnerContract } from '../support/runner-contract.ts';
import { workspacesContract } from '../support/workspaces-contract.ts';

const runner = new MemoryRunner();

runnerContract('in memory', {
  runner,
  programs: { prints: 'print 5', echoes: 'echo', waits: 'wait' },
  end: async () => runner.lose(),
});

const workspaces = new MemoryWorkspaces(true);

workspacesContract('in memory', () => workspaces);

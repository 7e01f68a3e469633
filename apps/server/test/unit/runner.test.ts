import { MemoryBlobs } from '../support/memory-blobs.ts';
import { MemoryRunner } from '../support/memory-runner.ts';
import { MemoryWorkspaces } from '../support/memory-workspaces.ts';
import { runnerContract } from '../support/runner-contract.ts';
import { workspacesContract } from '../support/workspaces-contract.ts';

const blobs = new MemoryBlobs();
const runner = new MemoryRunner((room, blob) => blobs.read(room, blob));

runnerContract('in memory', {
  runner,
  blobs,
  programs: { prints: 'print 5', echoes: 'echo', waits: 'wait', sums: 'sum img/logo.png' },
  end: async () => runner.lose(),
});

const workspaces = new MemoryWorkspaces(true);

workspacesContract('in memory', () => workspaces);

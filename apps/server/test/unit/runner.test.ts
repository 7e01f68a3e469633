import { MemoryRunner } from '../support/memory-runner.ts';
import { runnerContract } from '../support/runner-contract.ts';

const runner = new MemoryRunner();

runnerContract('in memory', {
  runner,
  programs: { prints: 'print 5', echoes: 'echo', waits: 'wait' },
  end: async () => runner.lose(),
});

// The port to the runner, with the real one behind it and with the stand-in that tests of the server use.
import type { SandboxStatus } from '@codesync/protocol';
import pino from 'pino';
import { describe, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Runner } from '../../src/ports.ts';
import { type RunningRunner, startRunner } from '../../src/runner-client/runner.ts';
import { PROJECT_PARTS } from '../../src/server.ts';
import { MemoryBlobs } from '../support/memory-blobs.ts';
import { runnerContract } from '../support/runner-contract.ts';
import { dataFolder, FAKE_RUNNER } from '../support/server.ts';
import { workspacesContract } from '../support/workspaces-contract.ts';

/** Resolves once code can be run, or is known not to be. */
function settled(runner: Runner): Promise<SandboxStatus> {
  return new Promise((resolve) => {
    const look = (status: SandboxStatus) => {
      if (status.state === 'ready' || status.state === 'off') resolve(status);
    };
    runner.onStatus(look);
    look(runner.status());
  });
}

async function opened(program: string) {
  const data = dataFolder();
  const blobs = new MemoryBlobs();
  const runner: RunningRunner = startRunner({
    clock: systemClock,
    log: pino({ level: 'silent' }),
    program,
    data: data.path,
    instance: `contract-${process.pid}`,
    docker: 'auto',
    readBlob: (room, blob) => blobs.read(room, blob),
  });
  const end = async () => {
    await runner.stopped();
    data.remove();
  };
  return { runner, blobs, end, status: await settled(runner) };
}

const fake = await opened(FAKE_RUNNER);
// The contract of runners ends the runner.
workspacesContract('of a process that runs nothing', () => fake.runner.workspaces);
runnerContract('by a process that runs nothing', {
  ...fake,
  programs: { prints: 'print 5', echoes: 'echo', waits: 'wait', sums: 'sum img/logo.png' },
});

const real = await opened(PROJECT_PARTS.runner);
if (real.status.state === 'ready') {
  workspacesContract('in sandboxes', () => real.runner.workspaces);
  runnerContract('in sandboxes', {
    ...real,
    programs: {
      prints: `import sys
for n in range(5):
    print("line", n, file=sys.stderr if n % 2 else sys.stdout)`,
      echoes: `import sys
for line in sys.stdin:
    print("read", line, end="", flush=True)`,
      waits: `import time
time.sleep(60)`,
      sums: `import hashlib
print(hashlib.sha256(open("img/logo.png", "rb").read()).hexdigest())`,
    },
  });
} else {
  await real.end();
  const reason = real.status.state === 'off' ? real.status.reason : real.status.state;
  if (process.env.CI === 'true') throw new Error(reason);
  describe.skip(`a runner, in sandboxes (skipped: ${reason})`, () => test('none'));
}

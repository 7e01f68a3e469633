/** The container of a run, as the run itself tells it. */
import type Docker from 'dockerode';
import { dockerClient } from '../../src/engine.ts';
import type { ClientRun } from '../support/client.ts';

/** Python that prints its container's id in a line: the engine mounts files out of a folder of that name. */
export const SAY_CONTAINER = [
  'import re',
  'print(re.search(r"/containers/([0-9a-f]{64})/", open("/proc/self/mountinfo").read())[1], flush=True)',
];

/** The container of a run whose program has said it. */
export function containerOf(run: ClientRun): Docker.Container {
  return dockerClient().getContainer(/^[0-9a-f]{64}$/m.exec(run.stdout)![0]);
}

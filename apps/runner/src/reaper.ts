/** Removes the containers that no living runner wants: those of this installation's past, and old orphans of others. */
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { answered } from './deadline.ts';
import { LABEL } from './labels.ts';
import { ORPHAN_MS } from './limits.ts';
import { processLives } from './process-name.ts';

/** The engine's answer for a container that is not there. */
const GONE = 404;
/** How long it is asked for a removal that it refuses, and how often. */
const REMOVAL_MS = 10_000;
const REMOVAL_RETRY_MS = 200;

/** `removed` counts the containers that were removed; `left` has the ids of those that the engine did not remove. */
export type Reaped = { readonly removed: number; readonly left: readonly string[] };

/**
 * Removes the containers that nobody wants. Throws when the engine does not answer. Of its own containers, the runner
 * `self` keeps those whose ids are in `attached`. The others were left by an engine that died: it makes none meanwhile.
 */
export async function reap(
  docker: Docker,
  instance: string,
  self: string,
  attached: { has(id: string): boolean },
): Promise<Reaped> {
  const containers = await answered(
    docker.listContainers({ all: true, filters: { label: [LABEL.instance] } }),
  );
  const unwanted = containers.filter(({ Id, Labels, Created }) => {
    const runner = Labels[LABEL.runner] ?? '';
    if (runner === self) return !attached.has(Id);
    if (Labels[LABEL.instance] === instance) return true;
    return Date.now() - Created * 1000 > ORPHAN_MS && !processLives(runner);
  });
  return removeAll(docker, unwanted);
}

/** Removes every container of one runner process. Throws when the engine does not answer. */
export async function removeContainersOf(docker: Docker, runner: string): Promise<Reaped> {
  const filters = { label: [`${LABEL.runner}=${runner}`] };
  return removeAll(docker, await answered(docker.listContainers({ all: true, filters })));
}

async function removeAll(docker: Docker, containers: readonly { Id: string }[]): Promise<Reaped> {
  const ids = containers.map(({ Id }) => Id);
  const outcomes = await Promise.all(ids.map((id) => removeOne(docker.getContainer(id))));
  return {
    removed: outcomes.filter((outcome) => outcome === 'removed').length,
    left: ids.filter((_, i) => outcomes[i] === 'left'),
  };
}

/**
 * Removes one container. An engine refuses while the container is on its way out, and when an earlier engine had half
 * removed it. So it is asked again until the container is gone. An engine may also list a container that it does not
 * have; the first answer is then 404.
 */
async function removeOne(container: Docker.Container): Promise<'removed' | 'gone' | 'left'> {
  const deadline = performance.now() + REMOVAL_MS;
  let asked = 0;
  while (performance.now() < deadline) {
    try {
      asked++;
      await answered(container.remove({ force: true, v: true }));
      return 'removed';
    } catch (error) {
      if (!(error instanceof Error && 'statusCode' in error)) return 'left';
      if (error.statusCode === GONE) return asked === 1 ? 'gone' : 'removed';
    }
    await sleep(REMOVAL_RETRY_MS);
  }
  return 'left';
}

/** The containers that a server's runner made, as the engine has them. */
import { engineGet } from './engine.ts';
import { eventually } from './eventually.ts';
import type { Server } from './server.ts';

type Container = { readonly Id: string; readonly State: string; readonly Labels: Record<string, string> };

/**
 * Every container with the label of an installation, running or not. An engine that was killed in the middle of a removal
 * may go on listing one as dead that it does not have any more.
 */
export async function containersOf(instance: string, engine?: string): Promise<readonly Container[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`codesync.instance=${instance}`] }));
  const { status, body } = await engineGet(`/containers/json?all=1&filters=${filters}`, engine);
  if (status !== 200) throw new Error(`the engine says ${status}: ${body}`);
  const listed: readonly Container[] = JSON.parse(body);
  const known = await Promise.all(
    listed.map(async ({ Id, State }) => {
      return State !== 'dead' || (await engineGet(`/containers/${Id}/json`, engine)).status !== 404;
    }),
  );
  return listed.filter((_, i) => known[i]);
}

const RUNNER = 'codesync.runner';
/** On the containers of runs. */
const LANGUAGE = 'codesync.language';
/** Twice what a runner that is gone may leave its containers to somebody else: the machine may be busy. */
const GONE_MS = 10_000;

/** A runner, known by the name on its containers. */
export type NamedRunner = {
  readonly pid: number;
  /** To be called when it was killed: waits until every container that it made is gone, whoever removed it. */
  readonly expectNothingLeft: () => Promise<void>;
};

/** The runner that a server has now. It must have a container by now. */
export async function runnerOf({ instance }: Server): Promise<NamedRunner> {
  const name = (await containersOf(instance)).at(0)?.Labels[RUNNER];
  if (name === undefined) throw new Error('the runner has no container to be known by');
  return {
    pid: Number(name.split(':')[1]),
    expectNothingLeft: async () => {
      const killedAt = performance.now();
      let left: readonly Container[] = [];
      await eventually(
        'the containers of the killed runner are gone',
        async () => {
          left = (await containersOf(instance)).filter(({ Labels }) => Labels[RUNNER] === name);
          return left.length === 0;
        },
        () => left.map(({ Id, State }) => `${Id.slice(0, 12)} ${State}`).join('\n'),
        GONE_MS,
      );
      console.log(`gone ${Math.round(performance.now() - killedAt)} ms after the kill`);
    },
  };
}

/**
 * Waits until the server has no container but those of its pool: none that a run was in, none of an earlier runner.
 * To be called when no run is going.
 */
export async function expectPoolOnly(server: Server, engine?: string): Promise<void> {
  let told = '';
  await eventually(
    'the pool is all that is left of containers',
    async () => {
      const [containers, sandbox] = [await containersOf(server.instance, engine), await server.sandbox()];
      const runners = new Set(containers.map(({ Labels }) => Labels[RUNNER]));
      const seen = containers.map(
        ({ Id, State, Labels }) => `${Id.slice(0, 12)} ${State} ${JSON.stringify(Labels)}`,
      );
      told = `${JSON.stringify(sandbox)}, and of ${runners.size} runners:\n${seen.join('\n')}`;
      if (sandbox?.state !== 'ready' || sandbox.busy > 0 || runners.size > 1) return false;
      const ofRuns = containers.filter(({ Labels }) => Labels[LANGUAGE] !== undefined);
      // One workspace waits beside them, unless it is being made.
      if (containers.length - ofRuns.length > 1) return false;
      return ofRuns.length === Object.values(sandbox.warm).reduce((sum, count) => sum + count, 0);
    },
    () => told,
    120_000,
  );
}

/** Waits until nothing is left of an installation whose server has stopped. */
export async function expectNoContainers(instance: string): Promise<void> {
  let left = 0;
  await eventually(
    'no container is left',
    async () => {
      left = (await containersOf(instance)).length;
      return left === 0;
    },
    () => `${left} containers with codesync.instance=${instance}`,
  );
}

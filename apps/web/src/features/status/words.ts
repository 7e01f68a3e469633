// What the status says. Pure: states in, words out.
import { LANGUAGES, Language, type SandboxStatus, type ServerStatus } from '@codesync/protocol';
import type { LiveView } from '../../room-source/types.ts';
import { forHowLong } from '../../ui/time.ts';

export type Health = 'good' | 'busy' | 'bad';

export type Fact = { readonly health: Health; readonly words: string };

/** The middle one; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}

type Told = Pick<LiveView, 'connection' | 'save' | 'storage'>;

/** Everything in one sentence: the worst of it, or that there is nothing to worry about. */
export function summary({ connection, save, storage }: Told, now: number): Fact {
  switch (connection.kind) {
    case 'joining':
      return { health: 'busy', words: 'Connecting to the server.' };
    case 'offline':
    case 'reconnecting':
      return {
        health: 'bad',
        words: `No connection for ${forHowLong(now - connection.since)}. What you type stays on this device until it is back.`,
      };
    case 'outdated':
      return { health: 'bad', words: 'This page is older than the server. Reload it.' };
    case 'closed':
      return { health: 'bad', words: 'This room is closed to you.' };
    case 'online':
      if (storage === 'full')
        return {
          health: 'bad',
          words: 'The server’s disk is full. Nothing is lost: it is saved when there is space again.',
        };
      if (storage === 'stalled')
        return {
          health: 'bad',
          words:
            'The server cannot reach its database. Nothing is lost: it is saved when the database is back.',
        };
      return save.kind === 'saved'
        ? { health: 'good', words: 'All is well: connected, and everything is saved.' }
        : { health: 'good', words: 'All is well: connected, and saving.' };
  }
}

/** Something that is not as it should be, and what can be done about it. */
export type Advice = {
  readonly health: Health;
  /** Null where `summary` says it already. */
  readonly words: string | null;
  readonly mend: string;
};

/**
 * What a host should know beside `summary`, or can do about it. The worst comes first. `status`: what the server said of
 * itself, null before it has.
 */
export function advices(
  { connection, storage, sandbox }: Pick<LiveView, 'connection' | 'storage' | 'sandbox'>,
  status: ServerStatus | null,
): readonly Advice[] {
  if (connection.kind === 'offline' || connection.kind === 'reconnecting')
    return [
      {
        health: 'bad',
        words: null,
        mend: 'See that it runs and that this device reaches it. The page comes back by itself.',
      },
    ];
  if (connection.kind !== 'online') return [];
  const found: Advice[] = [];
  if (storage === 'full')
    found.push({
      health: 'bad',
      words: null,
      mend: 'Make space on the server’s disk. Saving goes on by itself.',
    });
  if (storage === 'stalled')
    found.push({
      health: 'bad',
      words: null,
      mend: 'See that PostgreSQL runs; the server’s log has what it answers. Saving goes on by itself.',
    });
  if (sandbox.state === 'off')
    found.push({ health: 'bad', words: `Code cannot be run. ${sandbox.reason}`, mend: sandbox.mend });
  if (sandbox.state === 'starting' || sandbox.state === 'preparing')
    found.push({
      health: 'busy',
      words: 'Code cannot be run yet: the sandbox is being prepared.',
      mend: 'Nothing needs to be done. Editing goes on meanwhile.',
    });
  if (status === null) return found;
  const { pools, check } = status.sandbox ?? { pools: {}, check: { gaps: [] } };
  const queued = Object.values(pools).reduce((sum, pool) => sum + pool.queued, 0);
  if (queued > 0)
    found.push({
      health: 'busy',
      words: `${queued} ${queued === 1 ? 'run waits' : 'runs wait'} for a sandbox.`,
      mend: 'They begin as others end. A machine with more processors takes more at once.',
    });
  const { diverged, healed } = status.room;
  if (diverged > healed)
    found.push({
      health: 'bad',
      words: 'Somebody’s page shows another text than the room has.',
      mend: 'It mends itself within moments. If it stays, that person should reload the page.',
    });
  for (const { reason, mend } of check.gaps) found.push({ health: 'busy', words: reason, mend });
  return found;
}

/** `summary`, to be shown above `advice`. If a host has to do something, not all is well. */
export function verdict(all: Fact, advice: readonly Advice[]): Fact {
  if (all.health !== 'good' || advice.every(({ health }) => health !== 'bad')) return all;
  return { health: 'bad', words: 'You are connected and what you type is saved, but not all is well.' };
}

export type WayWords = { readonly label: string; readonly detail: string };

/** How messages travel to the server and back, null while they do not. */
export function wayWords(connection: LiveView['connection']): WayWords | null {
  if (connection.kind !== 'online') return null;
  return connection.way === 'websocket'
    ? { label: 'WebSocket', detail: 'The fastest there is' }
    : {
        label: 'HTTP requests',
        detail:
          'Something on the way lets no WebSocket through. All works, a little slower; this page keeps looking.',
      };
}

/** This person's own edits. */
export function ownEdits(save: LiveView['save'], now: number): Fact {
  if (save.kind === 'saved') return { health: 'good', words: 'All in the database' };
  const wait = forHowLong(now - save.since);
  return save.kind === 'sent'
    ? { health: 'busy', words: `On their way for ${wait}` }
    : { health: 'bad', words: `On this device for ${wait}` };
}

/** Whether the server can save, and what waits for it to. */
export function serverSaves({ storage, now }: Pick<ServerStatus, 'storage' | 'now'>): Fact {
  const { stalledSince, waiting } = storage;
  const waits = `${waiting} ${waiting === 1 ? 'event' : 'events'} waiting`;
  if (stalledSince === null)
    return { health: 'good', words: waiting === 0 ? 'Nothing waits' : `Saving, ${waits}` };
  return { health: 'bad', words: `Not saving for ${forHowLong(now - stalledSince)}, ${waits}` };
}

export type PoolRow = {
  readonly language: Language;
  readonly label: string;
  readonly ready: number;
  readonly wanted: number;
  readonly busy: number;
  readonly queued: number;
};

export function poolRows(pools: NonNullable<ServerStatus['sandbox']>['pools']): PoolRow[] {
  return Language.options.flatMap((language) => {
    const pool = pools[language];
    if (pool === undefined) return [];
    const { warm: ready, wanted, busy, queued } = pool;
    return [{ language, label: LANGUAGES[language].label, ready, wanted, busy, queued }];
  });
}

/** Why code cannot be run, where it cannot. */
export function sandboxFact(sandbox: SandboxStatus): Fact {
  switch (sandbox.state) {
    case 'ready':
      return { health: 'good', words: 'Ready' };
    case 'starting':
      return { health: 'busy', words: 'Starting' };
    case 'preparing':
      return { health: 'busy', words: `Being prepared: ${sandbox.step}, ${Math.floor(sandbox.percent)} %` };
    case 'off':
      return { health: 'bad', words: `${sandbox.reason} ${sandbox.mend}` };
  }
}

export function people({ participants, clients }: ServerStatus['room']): string {
  const tabs = `${clients} ${clients === 1 ? 'tab' : 'tabs'}`;
  return `${participants} ${participants === 1 ? 'person' : 'people'} in ${tabs}`;
}

/** Copies of files that were not what the log says. */
export function copies({ diverged, healed }: ServerStatus['room']): Fact {
  if (diverged === 0) return { health: 'good', words: 'None' };
  if (healed >= diverged) return { health: 'good', words: `${diverged}, all healed` };
  return { health: 'busy', words: `${diverged}, ${healed} of them healed` };
}

/** `sha256:` and a few digits: enough to compare by eye. */
export function shortImage(image: string): string {
  const [kind, digits] = image.split(':');
  return digits === undefined ? image : `${kind}:${digits.slice(0, 12)}`;
}

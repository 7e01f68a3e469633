/** The runs of one room, as its host sees them, who keeps the connection. */
import type { RunId } from '@codesync/protocol';
import type { Tab } from '../../apps/server/test/support/client.ts';
import type { Chance } from './chance.ts';
import { type Program, type ProgramName, ROUND } from './programs.ts';

export const RUNS_AT_ONCE = 2;

export class RoomRuns {
  readonly #host: Tab;
  readonly #programs: readonly Program[];
  readonly #chance: Chance;
  /** Runs that were told to stop, or given their input. */
  readonly #minded = new Set<RunId>();
  #round: ProgramName[] = [];
  started = 0;

  constructor(host: Tab, programs: readonly Program[], chance: Chance) {
    this.#host = host;
    this.#programs = programs;
    this.#chance = chance;
  }

  get going(): number {
    return [...this.#host.fold.state.runs.values()].filter(({ phase }) => phase !== 'ended').length;
  }

  /** Starts the next, if not too many are going. Its answer may be lost with the connection of who started it. */
  startNext(by: Tab): void {
    if (this.going >= RUNS_AT_ONCE) return;
    by.command({ kind: 'run.start', entry: this.#entry(by, this.#choose()) });
    this.started++;
  }

  /** The same, and resolves when the host knows that it has started. */
  async startKnown(by: Tab): Promise<void> {
    const answer = await by.ask({ kind: 'run.start', entry: this.#entry(by, this.#choose()) });
    if (answer !== 'done') throw new Error(`a run was refused: ${answer.message}`);
    await this.#host.until(() => this.#host.fold.seq >= by.fold.seq);
    this.started++;
  }

  /** Stops what does not end by itself, and answers what asks. */
  mind(): void {
    const { runs, files } = this.#host.fold.state;
    for (const run of runs.values()) {
      if (run.phase !== 'running' || this.#minded.has(run.id)) continue;
      const path = files.get(run.entry)?.path ?? '';
      if (path.startsWith('endless/')) this.#host.command({ kind: 'run.stop', run: run.id });
      else if (path.startsWith('asking/')) {
        this.#host.command({ kind: 'run.input', run: run.id, text: 'world\n', eof: false });
      } else continue;
      this.#minded.add(run.id);
    }
    for (const run of this.#minded) if (!runs.has(run)) this.#minded.delete(run);
  }

  #entry(tab: Tab, name: ProgramName) {
    return tab.file(this.#programs.find((program) => program.name === name)!.path);
  }

  /** The next of the round, in an order by chance. */
  #choose(): ProgramName {
    if (this.#round.length === 0) this.#round = [...ROUND];
    return this.#round.splice(this.#chance.below(this.#round.length), 1)[0]!;
  }
}

// Whether people can be taken in, as the database says, asked no more often than is good for it.
import type { Clock } from './ports.ts';

/** What keeps a server from taking people; `storage`: the database answers, but nothing can be saved. */
export type Unready = 'database' | 'migrations' | 'storage' | 'stopping';

/** An answer is good for this long: whoever asks more often gets the same one. */
const FRESH_MS = 1_000;
/** A database that takes longer counts as not answering. */
const PATIENCE_MS = 2_000;

export type ReadinessDeps = {
  readonly clock: Clock;
  /** Asks the database whether its schema is up to date; rejects when it does not answer. */
  readonly migrated: () => Promise<boolean>;
  /** Whether what people type can be saved. */
  readonly saving: () => boolean;
};

export type Readiness = {
  /** What is missing; empty when people can come. */
  unready(): Promise<readonly Unready[]>;
  /** The server has begun to stop. */
  stopping(): void;
};

export function createReadiness({ clock, migrated, saving }: ReadinessDeps): Readiness {
  let isStopping = false;
  /** The question under way, or its answer while that is fresh. */
  let answer: Promise<readonly Unready[]> | null = null;

  function ask(): Promise<readonly Unready[]> {
    const asked = migrated().then(
      (done): readonly Unready[] => (done ? [] : ['migrations']),
      (): readonly Unready[] => ['database'],
    );
    void asked.then(() =>
      clock.after(FRESH_MS, () => {
        answer = null;
      }),
    );
    return asked;
  }

  function patiently(asked: Promise<readonly Unready[]>): Promise<readonly Unready[]> {
    return new Promise((resolve) => {
      const callOff = clock.after(PATIENCE_MS, () => resolve(['database']));
      void asked.then((missing) => {
        callOff();
        resolve(missing);
      });
    });
  }

  return {
    unready: async () => {
      if (isStopping) return ['stopping'];
      answer ??= ask();
      const missing = await patiently(answer);
      return missing.length === 0 && !saving() ? ['storage'] : missing;
    },
    stopping: () => {
      isStopping = true;
    },
  };
}

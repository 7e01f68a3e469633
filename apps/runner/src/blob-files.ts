/** The files of one run that are no text, on their way into its sandbox. */
import type { BlobHash, BlobRef, BlobWanted, Clock, RunnerStart } from '@codesync/protocol';
import type { BlobAsker } from './blobs.ts';
import { TO_AGENT } from './frames.ts';
import { BLOBS_MS } from './limits.ts';
import type { Sandbox } from './sandbox.ts';

export type BlobFile = { readonly path: string; readonly blob: BlobRef };

export function blobFilesOf({ files }: RunnerStart): BlobFile[] {
  return files.filter((file): file is BlobFile => 'blob' in file);
}

/** One of `done` and `failed` is called, once and last. */
export type Gatherer = {
  readonly around: {
    emit(event: BlobWanted): void;
    /** As `want` of `Blobs`. */
    wantBlob(blob: BlobRef, asker: BlobAsker): () => void;
    readonly clock: Clock;
  };
  done(): void;
  /** @param message says to a person which file is missing. */
  failed(message: string): void;
};

/**
 * Sends a run's files that are no text to its sandbox, each when all of its content is there. May be done before it
 * returns. Returns how to give it up.
 */
export function gather(start: RunnerStart, sandbox: Sandbox, { around, done, failed }: Gatherer): () => void {
  const { run } = start;
  /** By their content, the files that lack it. */
  const missing = Map.groupBy(blobFilesOf(start), ({ blob }) => blob.hash);
  const leaves: (() => void)[] = [];
  const callOff = around.clock.after(BLOBS_MS, () =>
    fail([...missing.keys()][0]!, `did not arrive within ${BLOBS_MS / 1000} s. Run it again.`),
  );
  const giveUp = () => {
    callOff();
    for (const leave of leaves) leave();
  };
  const fail = (hash: BlobHash, what: string) => {
    giveUp();
    failed(`The content of “${missing.get(hash)![0]!.path}” ${what}`);
  };
  for (const [hash, files] of [...missing]) {
    const asker: BlobAsker = {
      run,
      ask: () => around.emit({ type: 'blob.wanted', run, hash }),
      got: (parts) => {
        for (const { path } of files) {
          sandbox.send(TO_AGENT.file, path);
          for (const part of parts) sandbox.send(TO_AGENT.bytes, part);
        }
        missing.delete(hash);
        if (missing.size > 0) return;
        callOff();
        done();
      },
      failed: () => fail(hash, 'cannot be had. If that does not pass, upload the file again.'),
    };
    leaves.push(around.wantBlob(files[0]!.blob, asker));
  }
  return giveUp;
}

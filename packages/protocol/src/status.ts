import { hashText } from '@codesync/ot';
import { z } from 'zod';
import type { Refusal } from './errors.ts';
import { FileId } from './ids.ts';
import type { Language } from './languages.ts';
import type { RunnerPool, SandboxCheck } from './runner.ts';

/** How many blocks at the end of a diverged text are hashed one by one, and the UTF-16 units in each. */
export const TAIL_BLOCKS = 8;
export const TAIL_BLOCK_UNITS = 256;

/** A text without its content, for a log: its length, and the hashes of its last blocks, the last one first. */
export type TextShape = { readonly units: number; readonly tail: readonly number[] };

export function shapeOf(text: string): TextShape {
  const tail: number[] = [];
  for (let end = text.length; end > 0 && tail.length < TAIL_BLOCKS; end -= TAIL_BLOCK_UNITS)
    tail.push(hashText(text.slice(Math.max(0, end - TAIL_BLOCK_UNITS), end)));
  return { units: text.length, tail };
}

const count = z.int().min(0);

/**
 * A client says that it has healed: the length of its old text, the hashes of that text's last blocks, and the
 * first place where it differed from the server's.
 */
export const DivergenceReport = z.strictObject({
  file: FileId,
  version: count,
  units: count,
  tail: z.array(count).max(TAIL_BLOCKS),
  differsAt: count,
  /** Whether the client had edits of its own on top, which it has carried over. */
  pending: z.boolean(),
});
export type DivergenceReport = z.infer<typeof DivergenceReport>;

/** The report on a text that was replaced by the server's. */
export function divergenceReport(
  of: Pick<DivergenceReport, 'file' | 'version' | 'pending'>,
  mine: string,
  servers: string,
): DivergenceReport {
  let differsAt = 0;
  const shorter = Math.min(mine.length, servers.length);
  while (differsAt < shorter && mine.charCodeAt(differsAt) === servers.charCodeAt(differsAt)) differsAt++;
  const { units, tail } = shapeOf(mine);
  return { ...of, units, tail: [...tail], differsAt };
}

/** What the runner says about running code, beyond the one state that everyone is told. */
export type SandboxFacts = {
  readonly pools: Readonly<Partial<Record<Language, RunnerPool>>>;
  readonly image: string;
  readonly check: SandboxCheck;
};

/** How the server is, for a host. Times are milliseconds; moments are Unix milliseconds by the server's clock. */
export type ServerStatus = {
  readonly now: number;
  readonly startedAt: number;
  readonly storage: {
    /** Since when nothing can be saved; null when it can. */
    readonly stalledSince: number | null;
    /** Events of all rooms that are not in the database yet. */
    readonly waiting: number;
    /**
     * The latency of the last edits of all rooms, from socket through database to everyone; null before any.
     */
    readonly edits: { readonly medianMs: number; readonly p99Ms: number } | null;
  };
  /** Null while code cannot be run: the room's own sandbox state says why. */
  readonly sandbox: SandboxFacts | null;
  /** `postgres` is null until the database has been asked. */
  readonly versions: {
    readonly product: string;
    readonly protocol: number;
    readonly node: string;
    readonly postgres: string | null;
  };
  /** Of this room. Divergences since this server opened it. */
  readonly room: {
    readonly clients: number;
    readonly participants: number;
    readonly diverged: number;
    readonly healed: number;
  };
};

/** The answer to a client that asks for the status; only hosts get it. */
export type ServerStatusReply =
  | { readonly ok: true; readonly status: ServerStatus }
  | { readonly ok: false; readonly error: Refusal };

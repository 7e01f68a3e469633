/** The edits of a session, made ahead of what is timed. */
import type { Edit, Solo } from '../../lib/session.ts';
import type { Engine, Replica } from '../engine.ts';

/** Makes the edits, each confirmed before the next. */
export function replay(replica: Replica, edits: readonly Edit[]): void {
  for (const { at, remove, insert } of edits) {
    replica.edit(at, remove, insert);
    replica.confirm();
  }
}

/** Every edit as a message of its own, as others are sent it. */
export function passedOn(engine: Engine, writer: Replica, edits: readonly Edit[]): readonly Uint8Array[] {
  const relay = engine.relay?.() ?? ((message) => message);
  return edits.map(({ at, remove, insert }) => relay(writer.send(at, remove, insert)));
}

const logs = new Map<Solo, { start: Uint8Array; messages: readonly Uint8Array[] }>();

/** Every edit of a session as others are sent it. */
export function logOf(engine: Engine, solo: Solo): { start: Uint8Array; messages: readonly Uint8Array[] } {
  const known = logs.get(solo);
  if (known !== undefined) return known;
  const start = engine.create(solo.start);
  const writer = engine.load(start, 1);
  const messages = passedOn(engine, writer, solo.edits);
  const log = { start, messages };
  logs.set(solo, log);
  return log;
}

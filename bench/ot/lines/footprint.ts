/** Line g: what an open file holds in memory, and what a keystroke sends. */
import type { Edit, Solo } from '../../lib/session.ts';
import { same } from '../checks.ts';
import type { Engine, Replica } from '../engine.ts';
import { once } from '../figure.ts';
import { bytesHeld } from '../memory.ts';
import type { Row } from '../row.ts';
import { passedOn, replay } from './log.ts';

/** The edits of a session's end that are looked at: more than a server keeps for those who come back. */
const LAST_EDITS = 2_000;

export function memory(solo: Solo): Row {
  return {
    line: 'g',
    what: `${solo.name}, memory of a server over the text`,
    unit: 'times',
    goal: { kind: 'limit', value: 1.3 },
    measure(engine) {
      const { snapshot, writer, edits } = endOf(engine, solo);
      const messages = edits.map(({ at, remove, insert }) => writer.send(at, remove, insert));
      const bytes = bytesHeld(() => {
        const host = engine.host(snapshot);
        for (const message of messages) host.receive([message]);
        return host;
      });
      const host = engine.host(snapshot);
      host.receive(messages);
      same(host.text(), solo.end);
      return once(bytes / Buffer.byteLength(solo.end));
    },
  };
}

export function wire(solo: Solo): Row {
  return {
    line: 'g',
    what: `${solo.name}, bytes of a keystroke`,
    unit: 'bytes',
    goal: { kind: 'limit', value: 40 },
    measure(engine) {
      const { writer, edits } = endOf(engine, solo);
      const messages = passedOn(engine, writer, edits);
      const carry = engine.connection();
      const bytes = messages.reduce((sum, message) => sum + carry(message), 0);
      return once(bytes / messages.length);
    },
  };
}

/** A snapshot before the last edits of a session, and a copy at that point with the edits that it is to make. */
function endOf(
  engine: Engine,
  solo: Solo,
): { snapshot: Uint8Array; writer: Replica; edits: readonly Edit[] } {
  const from = Math.max(0, solo.edits.length - LAST_EDITS);
  const writer = engine.load(engine.create(solo.start), 1);
  replay(writer, solo.edits.slice(0, from));
  writer.flush();
  const snapshot = writer.snapshot();
  return { snapshot, writer, edits: solo.edits.slice(from) };
}

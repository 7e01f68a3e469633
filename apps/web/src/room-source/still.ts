// Whether what a refusal said is still true. If not, its notice goes. Pure.
import type { RefusalCode } from '@codesync/protocol';
import type { LiveView } from './types.ts';

/** What it takes to say whether something is still so. */
export type Now = Pick<LiveView, 'you' | 'connection' | 'storage' | 'sandbox'>;

/** It answered one act and says nothing of how things are. Whoever has read it dismisses it. */
const always = () => true;
const isAway = ({ connection }: Now) => connection.kind !== 'online';
const isUnsaved = ({ storage }: Now) => storage !== 'ok';

const STILL: Readonly<Record<RefusalCode, (now: Now) => boolean>> = {
  'role.viewer': ({ you }) => you?.role === 'viewer',
  'role.host': ({ you }) => you?.role !== 'host',
  'room.unavailable': isAway,
  'room.newer': isAway,
  'room.damaged': isAway,
  'protocol.unjoined': isAway,
  'rate.address': isAway,
  'storage.unavailable': isUnsaved,
  'storage.full': isUnsaved,
  'run.unavailable': ({ sandbox }) => sandbox.state !== 'ready',
  'protocol.outdated': always,
  'protocol.malformed': always,
  'text.half': always,
  'rate.exceeded': always,
  'client.replaced': always,
  'identity.required': always,
  'identity.invalid': always,
  'room.unknown': always,
  'room.link': always,
  'room.linkRevoked': always,
  'room.locked': always,
  'room.removed': always,
  'room.full': always,
  'role.lastHost': always,
  'member.unknown': always,
  'file.unknown': always,
  'file.exists': always,
  'file.case': always,
  'file.gone': always,
  'file.restored': always,
  'file.path': always,
  'file.tooLarge': always,
  'file.tooMany': always,
  'folder.unknown': always,
  'folder.exists': always,
  'folder.inside': always,
  'folder.gone': always,
  'room.tooLarge': always,
  'edit.invalid': always,
  'edit.future': always,
  'run.language': always,
  'run.tooMany': always,
  'run.tooOften': always,
  'run.address': always,
  'run.unknown': always,
  'run.inputEnded': always,
  'run.unlogged': always,
  'run.args': always,
  'run.env': always,
  'run.envName': always,
  'run.entryGone': always,
  'run.stdinGone': always,
  'run.stdinTooLarge': always,
  'configuration.unknown': always,
  'configuration.exists': always,
  'configuration.tooMany': always,
  'terminal.unknown': always,
  'terminal.exists': always,
  'terminal.tooMany': always,
  'terminal.locked': always,
  'terminal.ended': always,
  'terminal.running': always,
};

/** Whether what a refusal of that code says is so now. */
export function isStill(code: RefusalCode, now: Now): boolean {
  return STILL[code](now);
}

// Rooms as far as a test needs them.
import { type Op, TextBuffer } from '@codesync/ot';
import type { CommandBody, Member, ParticipantId, RoomEvent, RunEnd } from '@codesync/protocol';
import { clientId, fileId, participantId } from '@codesync/protocol/testing';
import { type Decision, decide, EditOrder, EMPTY_ROOM, type RoomState } from '../../src/index.ts';
import type { Decided } from '../../src/noun.ts';

/** The end of a program that returned 0. */
export const ENDED: RunEnd = {
  reason: 'exit',
  exitCode: 0,
  signal: null,
  wallMs: 1,
  cpuMs: 1,
  peakBytes: 1,
  truncated: { stdout: 0, stderr: 0 },
};

export const member = (id: string, more: Partial<Member> = {}): readonly [ParticipantId, Member] => [
  participantId(id),
  {
    id: participantId(id),
    name: id,
    hue: 0,
    role: 'editor',
    here: false,
    removed: false,
    asking: false,
    ...more,
  },
];

export function withMembers(...members: (readonly [ParticipantId, Member])[]): RoomState {
  return { ...EMPTY_ROOM, members: new Map(members) };
}

export function edit(seq: number, file: string, version: number, op: Op, client?: string): RoomEvent {
  const origin = client === undefined ? {} : { origin: { client: clientId(client), clientSeq: seq } };
  return { seq, at: 0, actor: null, ...origin, body: { kind: 'edit', file: fileId(file), version, op } };
}

/** A room in which `ann` is host, with `units` of text in a file that its state does not show. */
function decided(state: RoomState, units: number): Decided<RoomState> {
  const texts = new Map([[fileId('big-file'), { version: 0, buffer: TextBuffer.from('x'.repeat(units)) }]]);
  const members = new Map([...state.members, member('ann', { role: 'host' })]);
  return { fold: { state: { ...state, members }, texts }, order: new EditOrder(texts) };
}

/** What a command of the host of a room comes to. */
export function decideIn(state: RoomState, command: CommandBody, units = 0): Decision {
  return decide(decided(state, units), participantId('ann'), command);
}

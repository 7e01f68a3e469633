// Everything that a client may send, at a glance. Who serves it: lane.ts.
import {
  type CallReply,
  CallRequest,
  Command,
  DivergenceReport,
  type FormatReply,
  FormatRequest,
  type GuideReply,
  GuideRequest,
  HashCheck,
  type HashVerdict,
  type JoinReply,
  JoinRequest,
  JoinVersion,
  OutgoingSignal,
  PROTOCOL_VERSION,
  PresenceUpdate,
  parseForeign,
  RunQuestion,
  type RunReply,
  refusal,
  type ServerStatusReply,
  type SignalReply,
  TerminalMessage,
  unreadable,
} from '@codesync/protocol';
import type { z } from 'zod';
import { type MeasuredCommand, textUnits } from '../rooms/text-units.ts';
import { bulkOf } from './bulk.ts';
import type { SocketClient } from './client.ts';
import { asking, type Parsed, type Served, telling } from './lane.ts';

/** A command as it is handed on: its text is measured here, for its rate and for all behind. */
type Measured = Required<MeasuredCommand>;

/** A screen takes more to make than a key to hand on. */
const WATCH_COST = 20;

const parseCommand = parsedBy(Command);
const NUMBERED = Command.pick({ clientSeq: true }).loose();

const TABLE: readonly Served<SocketClient>[] = [
  asking<SocketClient, JoinRequest>({
    event: 'join',
    rate: 'commands',
    schema: joinRequest,
    answer: (client, request, reply) => client.join(request, reply),
    refused: (error): JoinReply => ({ ok: false, error }),
  }),
  telling<SocketClient, Measured>({
    event: 'command',
    rate: 'commands',
    schema: (raw) => measured(parseCommand(raw)),
    cost: ({ units }) => bulkOf(units),
    handle: (client, command, cameAt) => client.command(command, cameAt),
    number: clientSeqOf,
  }),
  telling<SocketClient, Measured>({
    event: 'edit',
    rate: 'commands',
    schema: (raw, client) => measured(editFrame(raw, client)),
    cost: ({ units }) => bulkOf(units),
    handle: (client, command, cameAt) => client.command(command, cameAt),
    number: (frame, client) => (frame instanceof Uint8Array ? client.edits.number(frame) : null),
  }),
  telling<SocketClient, PresenceUpdate>({
    event: 'presence',
    rate: 'presence',
    schema: parsedBy(PresenceUpdate),
    handle: ({ place }, update) => {
      place?.room.presence(place.seat, update);
      return null;
    },
  }),
  telling<SocketClient, TerminalMessage>({
    event: 'terminal',
    rate: 'terminals',
    schema: parsedBy(TerminalMessage),
    cost: ({ kind }) => (kind === 'watch' ? WATCH_COST : 0),
    handle: ({ place }, message) => {
      if (place === null) return refusal('protocol.unjoined');
      place.room.terminal(place.seat, message);
      return null;
    },
    number: () => null,
  }),
  asking<SocketClient, CallRequest>({
    event: 'call',
    rate: 'commands',
    schema: parsedBy(CallRequest),
    answer: async ({ place }, request, reply) => {
      if (place === null) return refusal('protocol.unjoined');
      const told = await place.room.call(place.seat, request);
      if (!told.ok) return told.error;
      reply(told);
      return null;
    },
    refused: (error): CallReply => ({ ok: false, error }),
  }),
  asking<SocketClient, OutgoingSignal>({
    event: 'signal',
    rate: 'signals',
    schema: parsedBy(OutgoingSignal),
    answer: async ({ place }, signal, reply) => {
      if (place === null) return refusal('protocol.unjoined');
      const told = await place.room.signal(place.seat, signal);
      if (!told.ok) return told.error;
      reply(told);
      return null;
    },
    refused: (error): SignalReply => ({ ok: false, error }),
  }),
  asking<SocketClient, HashCheck>({
    event: 'check',
    rate: 'commands',
    schema: parsedBy(HashCheck),
    answer: async (client, check, reply) => {
      const verdict = await client.verdictOn(check);
      if (verdict.verdict === 'diverged') client.owes(bulkOf(verdict.text.length));
      client.deps.observer.checked(verdict.verdict);
      client.sendLong(() => reply(verdict));
      return null;
    },
    refused: ({ code }): HashVerdict | undefined =>
      code === 'rate.exceeded' ? { verdict: 'unknown' } : undefined,
  }),
  telling<SocketClient, DivergenceReport>({
    event: 'healed',
    rate: 'commands',
    schema: parsedBy(DivergenceReport),
    handle: async ({ place, deps }, report) => {
      if (await place?.room.healed(place.seat, report)) deps.observer.healed();
      return null;
    },
  }),
  asking<SocketClient, RunQuestion>({
    event: 'runs',
    rate: 'commands',
    schema: parsedBy(RunQuestion),
    answer: async (client, question, reply) => {
      const told = await client.runs(question);
      if (!told.ok) return told.error;
      client.sendLong(() => reply(told));
      return null;
    },
    refused: (error): RunReply => ({ ok: false, error }),
  }),
  asking<SocketClient, FormatRequest>({
    event: 'format',
    rate: 'commands',
    schema: parsedBy(FormatRequest),
    cost: ({ text }) => bulkOf(text.length),
    answer: async (client, request, reply) => {
      const formatted = await client.format(request);
      if (!formatted.ok) return formatted.error;
      client.owes(bulkOf(formatted.text.length));
      client.sendLong(() => reply(formatted));
      return null;
    },
    refused: (error): FormatReply => ({ ok: false, error }),
  }),
  asking<SocketClient, GuideRequest>({
    event: 'guide',
    rate: 'commands',
    schema: parsedBy(GuideRequest),
    answer: async (client, request, reply) => {
      const error = await client.guide(request);
      if (error !== null) return error;
      const done: GuideReply = { ok: true };
      reply(done);
      return null;
    },
    refused: (error): GuideReply => ({ ok: false, error }),
  }),
  asking<SocketClient, null>({
    event: 'status',
    rate: 'commands',
    schema: nothing,
    answer: async ({ place, deps }, _, reply) => {
      if (place === null) return refusal('protocol.unjoined');
      if ((await place.room.role(place.seat.participant.id)) !== 'host') return refusal('role.host');
      const status: ServerStatusReply = { ok: true, status: await deps.status(place.room) };
      reply(status);
      return null;
    },
    refused: (error): ServerStatusReply => ({ ok: false, error }),
  }),
  asking<SocketClient, null>({
    event: 'rtt',
    rate: 'commands',
    schema: nothing,
    answer: (_client, _message, reply) => {
      reply();
      return null;
    },
    refused: () => undefined,
  }),
];

/** The lanes by their events. */
export const LANES: ReadonlyMap<string, Served<SocketClient>> = new Map(
  TABLE.map((lane) => [lane.event, lane]),
);

function parsedBy<Message>(schema: z.ZodType<Message>): (raw: unknown) => Parsed<Message> {
  return (raw) => {
    const parsed = parseForeign(schema, raw);
    return parsed.success ? { ok: true, message: parsed.data } : { ok: false, error: unreadable(raw) };
  };
}

function measured(parsed: Parsed<Command>): Parsed<Measured> {
  if (!parsed.ok) return parsed;
  const { clientSeq, body } = parsed.message;
  return { ok: true, message: { clientSeq, body, units: textUnits(body) } };
}

/** Of a question that is its name alone. */
function nothing(): Parsed<null> {
  return { ok: true, message: null };
}

function joinRequest(raw: unknown): Parsed<JoinRequest> {
  const version = parseForeign(JoinVersion, raw);
  if (version.success && version.data.protocol !== PROTOCOL_VERSION) {
    return { ok: false, error: refusal('protocol.outdated') };
  }
  return parsedBy(JoinRequest)(raw);
}

function editFrame(raw: unknown, { edits }: SocketClient): Parsed<Command> {
  if (!(raw instanceof Uint8Array)) return { ok: false, error: refusal('protocol.malformed') };
  const read = edits.read(raw);
  return read.ok ? { ok: true, message: read.command } : read;
}

/** The number of a command that could not be parsed, if at least that can be read. */
function clientSeqOf(message: unknown): number | null {
  const parsed = parseForeign(NUMBERED, message);
  return parsed.success ? parsed.data.clientSeq : null;
}

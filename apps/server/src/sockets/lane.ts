// Lanes: each kind of message from a client takes one, and one loop serves them all.
import { type Refusal, refusal } from '@codesync/protocol';

/** What counts a message against a client. */
export type Rate = 'commands' | 'presence' | 'terminals' | 'signals';

export type Parsed<Message> =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly error: Refusal };

type Reply = (answer?: unknown) => void;

type Common<Client, Message> = {
  /** The event of Socket.IO's that it is. */
  readonly event: string;
  readonly rate: Rate;
  /** Reads what came. It may be anything: JSON, or bytes. */
  readonly schema: (raw: unknown, client: Client) => Parsed<Message>;
  /** What the message costs of its rate beyond being one. */
  readonly cost?: (message: Message) => number;
};

/** A lane whose messages are not answered: what is refused is told by a message of its own. */
export type Telling<Client, Message> = Common<Client, Message> & {
  readonly handle: (
    client: Client,
    message: Message,
    cameAt: number,
  ) => Promise<Refusal | null> | Refusal | null;
  /** The number by which the client knows a refusal. A lane without numbers passes over what comes too often. */
  readonly number?: (raw: unknown, client: Client) => number | null;
};

/** A lane whose messages are questions. */
export type Asking<Client, Message> = Common<Client, Message> & {
  /** Gives its answer to `reply`, or a refusal. */
  readonly answer: (
    client: Client,
    message: Message,
    reply: Reply,
  ) => Promise<Refusal | null> | Refusal | null;
  /**
   * The answer that says a refusal. If it is undefined, the refusal is told by a message of its own, except where
   * messages come too often: then nothing is told.
   */
  readonly refused: (error: Refusal) => unknown;
};

/** A client as far as the loop needs it. */
export type Counted = {
  /** Whether so many more messages are within the rate. */
  counts(rate: Rate, cost: number, now?: number): boolean;
  /** Tells of a refusal by a message of its own. */
  refuse(number: number | null, error: Refusal): void;
  /** To be called with a refusal that an answer tells of. */
  noteRefusal(number: number | null, error: Refusal): void;
};

/** What the table of lanes holds: a lane that is served by the loop. */
export type Served<Client> = {
  readonly event: string;
  /** @param parameters of the event of Socket.IO's, as they came. */
  serve(client: Client, parameters: readonly unknown[], cameAt: number): Promise<void>;
};

export function telling<Client extends Counted, Message>(lane: Telling<Client, Message>): Served<Client> {
  return {
    event: lane.event,
    async serve(client, [raw], cameAt) {
      const inTime = client.counts(lane.rate, 1, cameAt);
      if (!inTime && lane.number === undefined) return;
      const error = inTime
        ? await taken(lane, client, raw, (message) => lane.handle(client, message, cameAt))
        : refusal('rate.exceeded');
      if (error !== null) client.refuse(lane.number?.(raw, client) ?? null, error);
    },
  };
}

export function asking<Client extends Counted, Message>(lane: Asking<Client, Message>): Served<Client> {
  return {
    event: lane.event,
    async serve(client, parameters, cameAt) {
      const inTime = client.counts(lane.rate, 1, cameAt);
      const reply = parameters.at(-1);
      if (!isReply(reply)) {
        if (inTime) client.refuse(null, refusal('protocol.malformed'));
        return;
      }
      const raw = parameters.length > 1 ? parameters[0] : undefined;
      const error = inTime
        ? await taken(lane, client, raw, (message) => lane.answer(client, message, reply))
        : refusal('rate.exceeded');
      if (error === null) return;
      const answer = lane.refused(error);
      if (answer !== undefined) {
        client.noteRefusal(null, error);
        reply(answer);
      } else if (inTime) client.refuse(null, error);
    },
  };
}

/** Reads what came, counts what is in it, and hands it on. */
function taken<Client extends Counted, Message>(
  { schema, cost, rate }: Common<Client, Message>,
  client: Client,
  raw: unknown,
  take: (message: Message) => Promise<Refusal | null> | Refusal | null,
): Promise<Refusal | null> | Refusal | null {
  const parsed = schema(raw, client);
  if (!parsed.ok) return parsed.error;
  const more = cost?.(parsed.message) ?? 0;
  return more > 0 && !client.counts(rate, more) ? refusal('rate.exceeded') : take(parsed.message);
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'function';
}

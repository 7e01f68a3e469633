// Reads what rooms have stored: brings every format that there was up to the one that is written now. Pure.
import { EventBody, Keyframe, parseForeign, RoomEvent, type Schema } from '@codesync/protocol';

/**
 * The format of what is written. Events, keyframes and browser records carry it; what has none is of format 1.
 *
 * 1. Keyframes lack `entry`, `workFolder` or `deleted` if the version that wrote them did not know these.
 * 2. Keyframes have all their fields. Events are those of format 1.
 * 3. Folders are things of their own: they have events, and an event that leaves one empty says so. Until then a folder
 *    was there for as long as a file lay in it. There are run configurations and terminals, and a keyframe says who typed into a run.
 * 4. Files have a language that somebody has chosen: an event says so, and the keyframe. Until then their names said it.
 * 5. Files may be no text: events say which blob is in them, and the keyframe. Until then all were text.
 * 6. There are comments, a chat, a driver's seat and a timer: all have events, and a keyframe has the threads, the
 *    messages, who drives, and the timer.
 */
export const FORMAT = 6;

/** Brings something stored from one format to the next. It may be anything: its shape is checked at the end. */
type Upcast = {
  readonly event: (body: unknown) => unknown;
  readonly keyframe: (keyframe: unknown) => unknown;
};

/** From format 1 to 2, from 2 to 3, and so on. */
const UPCASTS: readonly Upcast[] = [
  {
    event: (body) => body,
    keyframe: (keyframe) => ({ entry: null, workFolder: 'room', deleted: [], ...Object(keyframe) }),
  },
  {
    event: (body) => body,
    keyframe: (keyframe) => ({
      ...Object(keyframe),
      emptyFolders: [],
      deletedFolders: [],
      configurations: [],
      pinnedConfiguration: null,
      terminals: [],
    }),
  },
  {
    event: (body) => body,
    keyframe: (keyframe) => ({
      ...Object(keyframe),
      files: withField(Object(keyframe).files, { language: null }),
      deleted: withField(Object(keyframe).deleted, { language: null }),
    }),
  },
  {
    event: (body) => body,
    keyframe: (keyframe) => ({
      ...Object(keyframe),
      files: withField(Object(keyframe).files, { blob: null }),
      deleted: withField(Object(keyframe).deleted, { blob: null }),
    }),
  },
  {
    event: (body) => body,
    keyframe: (keyframe) => ({
      ...Object(keyframe),
      threads: [],
      messages: [],
      hostMessages: [],
      messagePlaces: [],
      driver: null,
      timer: null,
    }),
  },
];

/** Files with a field that older ones lack. What is no list is left to the check of its shape. */
function withField(files: unknown, field: object): unknown {
  return Array.isArray(files) ? files.map((file) => ({ ...Object(file), ...field })) : files;
}

const KINDS: ReadonlySet<unknown> = new Set(EventBody.options.map(({ shape }) => shape.kind.value));

/** Something stored that this version cannot read. `newer`: a newer version wrote it; else it is damaged. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly newer: boolean;

  constructor(message: string, newer: boolean) {
    super(message);
    this.newer = newer;
  }
}

/** An event as it is stored. */
export type StoredEvent = Omit<RoomEvent, 'body'> & { readonly body: unknown };

/**
 * An event out of the log.
 *
 * @param format what it was stored with.
 * @throws Unreadable for a format or a kind that this version does not know, and for any other shape.
 */
export function readEvent(format: number, stored: StoredEvent): RoomEvent {
  const what = `Event ${inWords(stored.seq)}`;
  const body = upcast(format, 'event', stored.body, what);
  const kind: unknown = Object(body).kind;
  if (typeof kind === 'string' && !KINDS.has(kind)) {
    throw new Unreadable(
      `${what} has the kind ${JSON.stringify(kind)}, which this version does not know (format ${format}).`,
      true,
    );
  }
  return parsed(RoomEvent, { ...stored, body }, `${what}, of the kind ${inWords(kind)},`);
}

/**
 * A keyframe that was stored.
 *
 * @throws Unreadable for a format that this version does not know, and for any other shape.
 */
export function readKeyframe(format: number, stored: unknown): Keyframe {
  const what = `The keyframe at ${inWords(Object(stored).seq)}`;
  return parsed(Keyframe, upcast(format, 'keyframe', stored, what), what);
}

/** Throws unless this version knows the format of `what`. */
export function checkFormat(format: number, what: string): void {
  if (Number.isInteger(format) && format >= 1 && format <= FORMAT) return;
  throw new Unreadable(
    `${what} has the format ${format}; this version reads those up to ${FORMAT}.`,
    format > FORMAT,
  );
}

/**
 * What was stored, in the shape that `schema` gives it.
 *
 * @throws Unreadable that says where `what` differs from the schema, without quoting what it holds.
 */
export function parsed<Output>(schema: Schema<Output>, stored: unknown, what: string): Output {
  const result = parseForeign(schema, stored);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Unreadable(
    `${what} is damaged at “${issue!.path.map(String).join('.')}”: ${issue!.code}.`,
    false,
  );
}

/** A value as a message names it. Nothing else is looked into: an object may have no text. */
function inWords(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : typeof value;
}

function upcast(format: number, part: keyof Upcast, stored: unknown, what: string): unknown {
  checkFormat(format, what);
  let current = stored;
  for (const step of UPCASTS.slice(format - 1)) current = step[part](current);
  return current;
}

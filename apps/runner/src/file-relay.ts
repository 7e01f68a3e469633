/**
 * What the server and the agent of one workspace say to each other of the files on its disk. Pure: commands in, payloads
 * out, and back. The agent is not trusted: it may say what the protocol allows at that moment, and nothing else.
 */
import {
  type FilesCommand,
  type FilesEvent,
  filesEvent,
  LIMITS,
  parseForeign,
  parseLine,
} from '@codesync/protocol';

export class FileRelay {
  readonly #workspace: FilesEvent['workspace'];
  /** The commands without an answer, in their order. */
  readonly #unanswered: { readonly n: number; readonly asked: FilesCommand['type'] }[] = [];
  /** The batch of changes that the server has not dealt with. */
  #unseen: number | null = null;

  constructor(workspace: FilesEvent['workspace']) {
    this.#workspace = workspace;
  }

  /** The payload that tells the agent the command. */
  command({ workspace: _, ...command }: FilesCommand): string {
    if (command.type !== 'files.seen') this.#unanswered.push({ n: command.n, asked: command.type });
    else if (command.batch === this.#unseen) this.#unseen = null;
    return JSON.stringify(command);
  }

  /** What the agent says with the payload; a few words for the log if it is nothing that it may say now. */
  event(payload: Buffer): FilesEvent | string {
    const said = parseLine(payload.toString());
    const own = typeof said === 'object' ? { ...said, workspace: this.#workspace } : said;
    const read = parseForeign(filesEvent, own);
    if (!read.success) return `no word on files: ${read.error.message}`;
    const event = read.data;
    return event.type === 'files.changed' ? this.#changed(event) : this.#answered(event);
  }

  #changed(event: Extract<FilesEvent, { type: 'files.changed' }>): FilesEvent | string {
    if (this.#unseen !== null) return `changes ${event.batch} before ${this.#unseen} were seen`;
    this.#unseen = event.batch;
    return event;
  }

  #answered(event: Exclude<FilesEvent, { type: 'files.changed' }>): FilesEvent | string {
    const asked = this.#unanswered.shift();
    if (asked?.n !== event.n) return `an answer ${event.n} in the place of ${asked?.n}`;
    if (event.type === 'files.refused') return event;
    if (!(ANSWERS[asked.asked] ?? ['files.done']).includes(event.type))
      return `${event.type} as answer ${event.n}`;
    return event.type === 'files.text' ? fitting(event) : event;
  }
}

/** What is answered to commands that ask for something. */
const ANSWERS: Readonly<Partial<Record<FilesCommand['type'], readonly FilesEvent['type'][]>>> = {
  'files.read': ['files.text', 'files.binary'],
  'files.fetch': ['files.bytes'],
};

/** A text that no file of a room can have is not handed on: with its escapes it may be longer than a line may be. */
function fitting(event: Extract<FilesEvent, { type: 'files.text' }>): FilesEvent {
  const { workspace, n, text } = event;
  if (text.length <= LIMITS.fileUnits) return event;
  return { type: 'files.refused', workspace, n, reason: 'large', detail: `${text.length} units` };
}

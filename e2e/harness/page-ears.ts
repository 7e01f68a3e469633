/** What a page is told by the server, overheard at its socket. To be set up before the page is loaded. */
import {
  EditReader,
  frameName,
  type JoinReply,
  type JoinRequest,
  LogReader,
  type RoomEvent,
} from '@codesync/protocol';
import type { Page } from 'playwright-core';

/** Socket.IO's packets as they are in a frame: `42` an event, `43` an answer, with the number that it answers. */
const PACKET = /^4([23])(\d*)(\[.*)$/s;

export class PageEars {
  /** Every event, as often as it was told. */
  readonly heard: RoomEvent[] = [];
  readonly #own = new Set<number>();
  #client = '';
  #heardAt = 0;

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      const reader = new LogReader();
      const edits = new EditReader();
      let join = '';
      socket.on('framesent', ({ payload }) => {
        if (typeof payload !== 'string') {
          const read = edits.read(payload);
          if (read.ok) reader.sends('command', [read.command]);
          return;
        }
        const packet = PACKET.exec(payload);
        if (packet?.[1] !== '2') return;
        const [name, request] = JSON.parse(packet[3]!) as [string, JoinRequest];
        reader.sends(name, [request]);
        if (name !== 'join') return;
        join = packet[2]!;
        this.#client = request.client;
      });
      socket.on('framereceived', ({ payload }) => {
        this.#heardAt = performance.now();
        if (typeof payload !== 'string') {
          this.#take(reader.hears(frameName(payload) ?? '', [payload]) ?? []);
          return;
        }
        const packet = PACKET.exec(payload);
        if (packet === null) return;
        if (packet[1] === '3') {
          if (packet[2] === join) this.#welcomed((JSON.parse(packet[3]!) as [JoinReply])[0]);
          return;
        }
        const [name, ...message] = JSON.parse(packet[3]!) as [string, ...unknown[]];
        this.#take(reader.hears(name, message) ?? []);
      });
    });
  }

  /** When the page last got anything from the server, by `performance.now`. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** The page's commands that it was told to be in the log. */
  get acknowledged() {
    return { client: this.#client, numbers: this.#own };
  }

  #welcomed(reply: JoinReply): void {
    if (!reply.ok) return;
    if (reply.state.kind === 'events') this.#take(reply.state.events);
    else {
      for (const { clientSeq } of reply.state.catchUps.flatMap(({ steps }) => steps)) {
        if (clientSeq !== undefined) this.#own.add(clientSeq);
      }
    }
  }

  #take(events: readonly RoomEvent[]): void {
    this.heard.push(...events);
    for (const { origin } of events) if (origin?.client === this.#client) this.#own.add(origin.clientSeq);
  }
}

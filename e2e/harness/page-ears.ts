/** What a page is told by the server, overheard at its socket. To be set up before the page is loaded. */
import { type JoinReply, type JoinRequest, LogReader, type RoomEvent } from '@codesync/protocol';
import type { Page } from 'playwright-core';

/** Socket.IO's packets as they are in a frame: `42` an event, `43` an answer, with the number that it answers. */
const PACKET = /^4([23])(\d*)(\[.*)$/s;

export class PageEars {
  /** Every event, as often as it was told. */
  readonly heard: RoomEvent[] = [];
  readonly #own = new Set<number>();
  #client = '';

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      const reader = new LogReader();
      let join = '';
      socket.on('framesent', ({ payload }) => {
        const packet = PACKET.exec(String(payload));
        if (packet?.[1] !== '2') return;
        const [name, request] = JSON.parse(packet[3]!) as [string, JoinRequest];
        reader.sends(name, [request]);
        if (name !== 'join') return;
        join = packet[2]!;
        this.#client = request.client;
      });
      socket.on('framereceived', ({ payload }) => {
        const packet = PACKET.exec(String(payload));
        if (packet === null) return;
        if (packet[1] === '3') {
          if (packet[2] === join) this.#welcomed((JSON.parse(packet[3]!) as [JoinReply])[0]);
          return;
        }
        const [name, ...message] = JSON.parse(packet[3]!) as [string | number, ...unknown[]];
        this.#take(reader.hears(name, message) ?? []);
      });
    });
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

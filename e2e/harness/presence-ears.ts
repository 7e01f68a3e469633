/** What a page sends of where its person is, frame by frame. */
import type { Page } from 'playwright-core';

export class PresenceEars {
  /** When each was sent, by `performance.now` of this process. */
  readonly sent: number[] = [];

  /** Call it before the page opens its connection. */
  constructor(page: Page) {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (typeof payload === 'string' && /^\d+\["presence",/.test(payload)) {
          this.sent.push(performance.now());
        }
      });
    });
  }
}

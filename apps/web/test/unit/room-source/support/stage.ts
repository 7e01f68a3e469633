// A server, its clock and people who come to its room: what most tests of the live driver start from.
import { settle } from '@codesync/protocol/testing';
import { FakeServer, type FakeServerOptions } from './fake-server.ts';
import { Browser, person, type Tab } from './tab.ts';
import { TestClock } from './test-clock.ts';

export class Stage {
  readonly clock = new TestClock();
  readonly server: FakeServer;

  constructor(text = 'hello', options: Partial<FakeServerOptions> = {}) {
    this.server = new FakeServer({ now: this.clock.now, ...options });
    this.server.begin(text);
  }

  browser(index: number): Browser {
    return new Browser(this.server, this.clock, person(index));
  }

  /** Somebody with the room open and at rest. */
  async join(index: number): Promise<Tab> {
    const tab = this.browser(index).open();
    await this.quiet();
    return tab;
  }

  /** Lets everything that is on its way arrive, while `ms` pass. */
  async quiet(ms = 600): Promise<void> {
    for (let i = 0; i < 6; i++) {
      await settle();
      this.server.deliverAll();
      this.clock.advance(ms / 6);
    }
    await settle();
    this.server.deliverAll();
    await settle();
  }

  /** Lets storage and promises come to rest, and nothing arrive. */
  async written(): Promise<void> {
    this.clock.advance(150);
    await settle();
  }
}

/** The edits that the server was sent, in order. */
export const edits = ({ server }: Stage) =>
  server.received.filter(({ command }) => command.body.kind === 'edit');

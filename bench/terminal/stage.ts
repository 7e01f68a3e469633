/**
 * What the lines with pages stand in: the real server with its sandboxes, one browser, and one room, because a workspace
 * stays for a while after its room and a machine has few.
 */
import { launchWholeChromium } from '../../e2e/harness/chromium.ts';
import { Person } from '../../e2e/harness/person.ts';
import { untilSandboxReady } from '../../e2e/harness/server.ts';
import type { Witness } from '../../e2e/harness/witness.ts';
import { RoomPage } from '../../e2e/pages/room-page.ts';
import { TerminalPane } from '../../e2e/pages/terminal-pane.ts';
import { ensureBuild } from '../../scripts/lib/ensure-build.mjs';
import { type CodeSync, startCodeSync } from '../lib/codesync.ts';
import { type Forwarding, startForwarding } from './forward/forward.ts';
import { PageScreen } from './page-screen.ts';

export type Browser = Awaited<ReturnType<typeof launchWholeChromium>>;

/** Several people at one terminal. The first one has opened it. */
export type Shared = {
  readonly people: readonly Person[];
  readonly panes: readonly TerminalPane[];
  readonly screens: readonly PageScreen[];
  leave(): Promise<void>;
};

export class Stage {
  readonly server: CodeSync;
  readonly browser: Browser;
  readonly #host: Person;
  readonly room: string;
  /** The path of a link for editors. */
  readonly link: string;

  private constructor(server: CodeSync, browser: Browser, host: Person, room: string, link: string) {
    this.server = server;
    this.browser = browser;
    this.#host = host;
    this.room = room;
    this.link = link;
  }

  static async open(): Promise<Stage> {
    await ensureBuild();
    const server = await startCodeSync({}, null);
    try {
      await untilSandboxReady(server.place);
      const browser = await launchWholeChromium();
      const host = await Person.arrive(browser, server.place, 'Host', {});
      await host.introduce();
      const room = await host.createRoom('python');
      return new Stage(server, browser, host, room, await host.link(room, 'editor'));
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Somebody with a name, at the server or a way to it. */
  async person(name: string, at = this.server.place): Promise<Person> {
    const person = await Person.arrive(this.browser, this.server.place, name, { at });
    await person.introduce();
    return person;
  }

  /** The host's own client without a page. */
  witness(): Promise<Witness> {
    return this.#host.witness(this.room);
  }

  /** A new terminal, which people see who come by those addresses. */
  async shared(addresses: readonly string[]): Promise<Shared> {
    const people = await Promise.all(addresses.map((at, i) => this.person(`Person ${i + 1}`, at)));
    const panes: TerminalPane[] = [];
    const screens: PageScreen[] = [];
    for (const person of people) {
      const pane = new TerminalPane(await RoomPage.open(person, this.link));
      await pane.show();
      if (panes.length === 0) await pane.open();
      else await pane.until(/\$ $/m);
      panes.push(pane);
      screens.push(await PageScreen.of(person.page));
    }
    return { people, panes, screens, leave: () => this.#leave(people) };
  }

  /** The people go, and all terminals: the next people see their own alone. */
  async #leave(people: readonly Person[]): Promise<void> {
    await Promise.all(people.map((person) => person.leave()));
    const witness = await this.witness();
    for (const terminal of witness.fold.state.terminals.keys()) {
      await witness.send({ kind: 'terminal.close', terminal });
    }
    witness.leave();
  }

  /** A shell that is forwarded, seen in so many pages. Null where that cannot be. */
  async forwarded(pages: number): Promise<(Forwarding & { readonly screens: readonly PageScreen[] }) | null> {
    const forwarding = await startForwarding();
    if (forwarding === null) return null;
    const screens: PageScreen[] = [];
    for (let i = 0; i < pages; i++) {
      const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      await page.goto(forwarding.url);
      screens.push(await PageScreen.of(page));
    }
    const [first] = screens;
    await first!.enter('echo; echo here');
    await Promise.all(screens.map((screen) => screen.until(/^here$/)));
    const close = () => {
      forwarding.close();
      for (const { page } of screens) void page.context().close();
    };
    return { ...forwarding, screens, close };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }
}

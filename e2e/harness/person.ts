/** Somebody at a browser of their own: a context with its own cookies and storage, and what went wrong in it. */
import type { CreateRoomReply, Language, LinkRole, LinksReply } from '@codesync/protocol';
import type { Browser, BrowserContext, BrowserContextOptions, Page, ViewportSize } from 'playwright-core';
import { PATIENCE_MS } from './eventually.ts';
import { Witness } from './witness.ts';

export type PersonOptions = Pick<
  BrowserContextOptions,
  'colorScheme' | 'hasTouch' | 'deviceScaleFactor' | 'reducedMotion'
> & {
  readonly viewport?: ViewportSize;
  /** Where the server is for them, if not at its own address. */
  readonly at?: string;
};

export class Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly #url: string;
  readonly #size: ViewportSize;
  /** Whether the page is loaded and stands at the start page, from where it can walk into a room. */
  #isAtStart = false;
  readonly #uncaught: string[] = [];
  readonly #told: string[] = [];
  readonly #expected: RegExp[] = [];
  readonly #witnesses: Witness[] = [];

  private constructor(name: string, url: string, size: ViewportSize, context: BrowserContext, page: Page) {
    this.name = name;
    this.#url = url;
    this.#size = size;
    this.context = context;
    this.page = page;
    this.#listen(page);
    context.on('page', (other) => this.#listen(other));
  }

  /** Opens a browser context; nothing is loaded, and nobody is known to the server yet. */
  static async arrive(
    browser: Browser,
    server: string,
    name: string,
    options: PersonOptions,
  ): Promise<Person> {
    const { at: url = server, viewport = { width: 1280, height: 800 }, ...rest } = options;
    const context = await browser.newContext({ viewport, ...rest, baseURL: url });
    context.setDefaultTimeout(PATIENCE_MS);
    return new Person(name, url, viewport, context, await context.newPage());
  }

  /** The address of a path of the product's, which may be below one of its host's. */
  address(path: string): string {
    return `${this.#url}${path}`;
  }

  /** Whether this is where their server is. */
  isAt(url: string): boolean {
    return this.#url === url;
  }

  /** Brings the page to a path of the product: as a link of the page's own does where it can, else by loading it. */
  async visit(path: string): Promise<void> {
    const address = this.address(path);
    if (this.#isAtStart) await this.page.evaluate((to) => history.pushState(null, '', to), address);
    else await this.page.goto(address);
    this.#isAtStart &&= path === '/';
  }

  /**
   * Ends what this person does in a room, and walks to the start page without loading it. They keep their name, and
   * the browser what it keeps.
   */
  async walkOut(): Promise<void> {
    this.#dismissWitnesses();
    const { page } = this;
    await Promise.all(this.context.pages().map((other) => other === page || other.close()));
    // Somebody who was asked for by a link or a witness alone has loaded nothing.
    if (page.url() === 'about:blank') return;
    await page.evaluate((to) => history.pushState(null, '', to), this.address('/'));
    await page.getByRole('heading', { name: 'Start a room' }).waitFor();
    await page.mouse.move(0, 0);
    await page.setViewportSize(this.#size);
    this.#isAtStart = true;
  }

  /** Gets the cookie that the page would get after asking for a name. */
  async introduce(): Promise<void> {
    await this.#api('PUT', '/api/me', { name: this.name });
  }

  /** Makes a room, as its host. */
  async createRoom(language: Language = 'python'): Promise<string> {
    const { room } = await this.#api<CreateRoomReply>('POST', '/api/rooms', { language });
    return room;
  }

  /** The path of a link to a room that this person hosts. */
  async link(room: string, role: LinkRole): Promise<string> {
    const { links } = await this.#api<LinksReply>('GET', `/api/rooms/${room}/links`);
    return `/r/${room}#${links[role]}`;
  }

  /** A second tab of this person's, for asking what is saved; a newcomer's first one, by a link's `secret`. */
  async witness(room: string, secret: string | null = null): Promise<Witness> {
    const cookies = await this.context.cookies(this.#url);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const witness = await Witness.join(this.#url, room, cookie, { secret });
    this.#witnesses.push(witness);
    return witness;
  }

  /** From now on console errors that match are part of the test, such as those of a lost connection. */
  expectTrouble(...patterns: readonly RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** Whether some console errors would go unseen. */
  get expectsTrouble(): boolean {
    return this.#expected.length > 0;
  }

  /**
   * Of all pages of this person: every uncaught error, and console errors and refusals of the content security policy
   * but for the expected ones. Ask when they have left: a page may fail at the end.
   */
  get troubles(): string[] {
    const expected = [GIVEN_UP, ...this.#expected];
    const unexpected = this.#told.filter((told) => !expected.some((pattern) => pattern.test(told)));
    return [...this.#uncaught, ...unexpected];
  }

  async leave(): Promise<void> {
    this.#dismissWitnesses();
    await this.context.close();
  }

  #dismissWitnesses(): void {
    for (const witness of this.#witnesses.splice(0)) witness.leave();
  }

  #listen(page: Page): void {
    page.on('pageerror', (error) =>
      this.#uncaught.push(`uncaught ${error.stack || `${error.name}: ${error.message}`}`),
    );
    page.on('crash', () => this.#uncaught.push(`the page crashed (${page.url()})`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#told.push(`${message.text()} (${message.location().url})`);
    });
  }

  async #api<Reply>(method: string, path: string, data?: object): Promise<Reply> {
    const reply = await this.context.request.fetch(this.address(path), {
      method,
      headers: { origin: new URL(this.#url).origin, 'x-forwarded-for': anAddress() },
      // A server closes a connection that was idle for some seconds, perhaps just as it is used again.
      maxRetries: 3,
      ...(data === undefined ? {} : { data }),
    });
    if (!reply.ok()) throw new Error(`${method} ${path}: ${reply.status()} ${await reply.text()}`);
    return (await reply.json()) as Reply;
  }
}

let addresses = 0;

/**
 * Another network address for each request: what one may ask for in a minute is less than what all tests do. A server
 * that trusts no proxy passes it over.
 */
function anAddress(): string {
  addresses += 1;
  return `10.0.${addresses >> 8}.${addresses & 255}`;
}

/**
 * What a browser says of the last request of a connection that its page has given up: a busy machine opens one too late.
 * What the page makes of that is asked of the page.
 */
const GIVEN_UP = /^Failed to load resource: .* 400 .*\/socket\.io\/\?.*transport=polling&.*sid=/;

/** What a browser says when the server goes away, for `expectTrouble`. */
export const LOST_CONNECTION = /WebSocket connection to|net::ERR_|Failed to load resource/;

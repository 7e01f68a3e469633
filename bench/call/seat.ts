/** Somebody in a room, at a browser on a machine of their own, who joins its call with a camera. */
import type { launchWholeChromium } from '../../e2e/harness/chromium.ts';
import { Person } from '../../e2e/harness/person.ts';
import { CallPane, watchPeers } from '../../e2e/pages/call-pane.ts';
import { RoomPage } from '../../e2e/pages/room-page.ts';
import { type Watched, watchCall } from './watch-call.ts';

export type Browser = Awaited<ReturnType<typeof launchWholeChromium>>;

/** How long a picture may take before the bench gives up. */
const PATIENCE_MS = 60_000;

/** The ways that a page looks for: `relay`: by a relay alone. */
export type Ways = 'direct' | 'relay';

export class Seat {
  readonly person: Person;
  readonly #call: CallPane;

  private constructor(person: Person) {
    this.person = person;
    this.#call = new CallPane(person.page);
  }

  get name(): string {
    return this.person.name;
  }

  /** Somebody whom the server knows, and who is at no page yet. */
  static async take(browser: Browser, place: string, name: string, ways: Ways): Promise<Seat> {
    const person = await Person.arrive(browser, place, name, {});
    await watchPeers(person, ways === 'relay' ? { iceTransportPolicy: 'relay' } : {});
    await person.context.addInitScript(watchCall);
    await person.introduce();
    return new Seat(person);
  }

  /** @param room its id, or a link's path */
  async open(room: string): Promise<void> {
    await RoomPage.open(this.person, room);
  }

  /** Has everything ready to join, with the camera on. */
  async prepare(): Promise<void> {
    const { dialog } = this.#call;
    await this.#call.openDialog();
    await dialog.getByText(/^Looking whether/).waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Camera on' }).click();
    await dialog.getByRole('button', { name: 'Camera off' }).waitFor();
  }

  /** Presses Join. Resolves to when that was, in Unix milliseconds. */
  async join(): Promise<number> {
    const { dialog, region, page } = this.#call;
    await dialog.getByRole('button', { name: 'Join', exact: true }).click();
    await region.waitFor();
    return page.evaluate(() => (globalThis as unknown as Watched).watched.pressedAt());
  }

  /** Leaves, and sees to it that nobody is shown. */
  async leave(): Promise<void> {
    await this.#call.button('Leave the call').click();
    await this.#call.region.waitFor({ state: 'detached' });
  }

  /** Resolves when another person's tile is gone. */
  async alone(other: Seat): Promise<void> {
    await this.#call.tile(new RegExp(`^${other.name}`)).waitFor({ state: 'detached' });
  }

  clear(): Promise<void> {
    return this.#call.page.evaluate(() => (globalThis as unknown as Watched).watched.clear());
  }

  /** When the first picture of another person since `clear` was shown, in Unix milliseconds. */
  async firstFrame(): Promise<number> {
    const first = this.#call.page.evaluate(() => (globalThis as unknown as Watched).watched.first());
    const late = AbortSignal.timeout(PATIENCE_MS);
    const silence = new Promise<never>((_, reject) => {
      late.onabort = () => reject(new Error(`${this.name} sees nobody`));
    });
    return await Promise.race([first, silence]);
  }

  /** When pictures of others were shown since `clear`, in Unix milliseconds. */
  frames(): Promise<number[]> {
    return this.#call.page.evaluate(() => [...(globalThis as unknown as Watched).watched.frames]);
  }

  /** Throws where the way in use is another one than was to be found. */
  async goesBy(ways: Ways): Promise<void> {
    const { relayed } = await this.#call.traffic();
    if (relayed.length !== 1 || relayed[0] !== (ways === 'relay'))
      throw new Error(`${this.name}’s way was to be ${ways}`);
  }
}

/** Somebody in a room: types, moves the cursor, loses the connection and comes back. */
import type { Socket as NetSocket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { JUST_HERE } from '@codesync/protocol';
import type { Tab } from '../../apps/server/test/support/client.ts';
import { type Chance, within } from './chance.ts';

/** What everybody types into: never a program, so that it may hold anything. */
export const NOTES = 'notes.md';
/** The notes stay about this long: what is typed beyond it is deleted somewhere. */
export const NOTES_UNITS = 8_000;
const DELETED_AT_ONCE = 40;
const AWAY_MS = 4_000;

export class Seat {
  readonly tab: Tab;
  readonly #place: string;
  readonly #chance: Chance;
  #doing: 'here' | 'away' | 'coming' = 'coming';
  /** Counts what was said of the cursor. */
  #clock = 0;
  keys = 0;
  returns = 0;
  /** Connections that ended without a word. */
  abrupt = 0;

  /** @param place the server's origin. */
  constructor(tab: Tab, place: string, chance: Chance) {
    this.tab = tab;
    this.#place = place;
    this.#chance = chance;
  }

  get isHere(): boolean {
    return this.#doing === 'here';
  }

  async sit(room: string, secret: string): Promise<void> {
    await within('a person comes in', this.tab.join(room, secret));
    this.#doing = 'here';
  }

  leave(): void {
    this.tab.disconnect();
    this.#doing = 'away';
  }

  /** Ends the connection without a word. */
  drop(): void {
    const transport = this.tab.socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
    transport.ws._socket.destroy();
    this.#doing = 'away';
    this.abrupt++;
  }

  async comeBack(): Promise<void> {
    this.#doing = 'coming';
    this.tab.connect(this.#place);
    await within('somebody comes back', this.tab.rejoin());
    this.#doing = 'here';
  }

  /** Goes offline, at times in the middle of an edit and without a word; comes back after a while. */
  async lose(): Promise<void> {
    if (!this.isHere) return;
    if (this.#chance.next() < 0.5) {
      this.press();
      // The edit may be on its way, in the log, or acknowledged by then.
      await pause(this.#chance.next() * 8);
      this.drop();
    } else {
      this.leave();
    }
    await pause(this.#chance.about(AWAY_MS));
    await this.comeBack();
    this.returns++;
  }

  /** One key, also without a connection; or a stretch taken out where the notes have become too long. */
  press(): void {
    if (this.#doing === 'coming') return;
    const file = this.tab.file(NOTES);
    const { length } = this.tab.text(file);
    // Nothing is pending then: no deletion takes back, before it was sent, what the log is to be searched for.
    if (length > NOTES_UNITS + DELETED_AT_ONCE && this.tab.isSaved()) {
      this.tab.edit([1 + this.#chance.below(length - DELETED_AT_ONCE - 1), -DELETED_AT_ONCE], file);
      return;
    }
    const key = String.fromCharCode(97 + this.#chance.below(26));
    this.tab.edit([1 + this.#chance.below(length - 1), key], file);
    this.keys++;
  }

  /** Moves the cursor. */
  look(): void {
    if (!this.isHere) return;
    const file = this.tab.file(NOTES);
    const { version } = this.tab.fold.texts.get(file)!;
    const at = this.#chance.below(NOTES_UNITS);
    this.tab.socket.emit('presence', {
      clock: ++this.#clock,
      cursors: { file, version, spans: [{ anchor: at, head: at }] },
      viewport: null,
      activity: JUST_HERE,
    });
  }

  /**
   * Lets go of what tabs keep for tests of a few seconds: it would be all that was ever said here. Gives what the
   * server refused.
   */
  forget(): string[] {
    const { tab } = this;
    tab.log.length = 0;
    tab.acknowledged.clear();
    tab.presence.clear();
    tab.storage.length = 0;
    const refused = tab.refusals.splice(0).map(({ error }) => `refused: ${error.code}`);
    if (tab.dismissed !== null) refused.push(`dismissed: ${tab.dismissed.code}`);
    if (tab.resyncs > 0) refused.push('told to resync');
    tab.resyncs = 0;
    return refused;
  }
}

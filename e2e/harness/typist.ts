/**
 * Somebody who types in a room without a page, by the client machine of the text engine: whole words at places where
 * words end, some of which are taken out again. Types on whatever becomes of the connection.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  acknowledge,
  edit,
  type Client as FileClient,
  type Op,
  type Outgoing,
  openClient,
  remote,
  resend,
  TextBuffer,
} from '@codesync/ot';
import type { Random } from '@codesync/ot/testing';
import type { CatchUp, JoinRequest, MeReply, Refusal, RefusalCode, RoomEvent } from '@codesync/protocol';
import { fileId } from '@codesync/protocol/testing';
import type { Party } from './laws.ts';
import { Witness } from './witness.ts';

/** Words go behind this line; what is before it is somebody else's place. */
export const FENCE = '~~~\n';
/** Not for good: the same edit, under its number, is worth another try. */
const PASSING: readonly RefusalCode[] = [
  'rate.exceeded',
  'storage.unavailable',
  'storage.full',
  'room.unavailable',
];
const RETRY_MS = 200;
const WORDS_PER_LINE = 40;

export type TypistOptions = {
  readonly url: string;
  readonly room: string;
  readonly name: string;
  readonly secret: string;
  /** At least 0, below 1. */
  readonly random: Random;
};

export class Typist implements Party {
  readonly name: string;
  readonly typed: string[] = [];
  readonly erased: string[] = [];
  /** Numbers of commands that it was told to be in the log. */
  readonly #acknowledged = new Set<number>();
  readonly #random: Random;
  readonly #refusals: Refusal[] = [];
  #witness!: Witness;
  #file = fileId('');
  #machine: FileClient = openClient(0);
  #view = TextBuffer.from('');

  private constructor({ name, random }: TypistOptions) {
    this.name = name;
    this.#random = random;
  }

  /** Takes a name, and joins. The room's file is `main.py`, with the fence in it. */
  static async arrive(options: TypistOptions): Promise<Typist> {
    const { url, room, name, secret } = options;
    const typist = new Typist(options);
    const part = {
      pending: () => typist.#pending(),
      take: (event: RoomEvent, own: number | null) => typist.#take(event, own),
      restart: (catchUps: readonly CatchUp[]) => typist.#restart(catchUps),
      joined: () => typist.#joined(),
      refused: (clientSeq: number | null, error: Refusal) => typist.#refused(clientSeq, error),
    };
    typist.#witness = await Witness.join(url, room, await cookieFor(url, name), { secret, part });
    typist.#open();
    return typist;
  }

  get witness(): Witness {
    return this.#witness;
  }

  get heard(): readonly RoomEvent[] {
    return this.#witness.heard;
  }

  get acknowledged() {
    return { client: this.#witness.client, numbers: this.#acknowledged };
  }

  /** What it was refused for good. */
  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  isSaved(): boolean {
    return this.#machine.state === 'synchronized';
  }

  text(): string {
    return this.#view.toString();
  }

  /** Types words, or takes out some that it typed before, with short pauses. */
  async act(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      this.#actOnce();
      await sleep(10 + this.#random.next() * 40);
    }
  }

  leave(): void {
    this.#witness.leave();
  }

  #actOnce(): void {
    const text = this.text();
    const old = this.#random.next() < 0.15 ? this.#wordToErase(text) : null;
    if (old !== null) {
      this.erased.push(old.word);
      this.#edit([...(old.at === 0 ? [] : [old.at]), -(old.word.length + 1)]);
      return;
    }
    const word = `${this.name}${this.typed.length}`;
    this.typed.push(word);
    const blank = this.typed.length % WORDS_PER_LINE === 0 ? '\n' : ' ';
    this.#edit([this.#placeForWord(text), word + blank]);
  }

  /** The end of the file half of the time, so that people meet there; else behind any word. */
  #placeForWord(text: string): number {
    if (this.#random.next() < 0.5) return text.length;
    const first = text.indexOf(FENCE) + FENCE.length;
    const any = first + this.#random.below(text.length - first);
    const blank = text.slice(any).search(/\s/);
    return blank === -1 ? text.length : Math.max(first, any + blank + 1);
  }

  /** A word of its own that is whole in the text, with a blank behind it. */
  #wordToErase(text: string): { readonly word: string; readonly at: number } | null {
    const word = this.#random.pick(this.typed);
    if (word === undefined || this.erased.includes(word)) return null;
    const found = new RegExp(`(?<=\\s)${word} `).exec(text);
    return found === null ? null : { word, at: found.index };
  }

  #edit(op: Op): void {
    this.#view.apply(op);
    const sending = edit(this.#machine, op, -1);
    this.#goOn(sending);
  }

  /** Gives the edit that goes out its number. */
  #goOn({ client, send }: { readonly client: FileClient; readonly send: Outgoing | null }): void {
    this.#machine = client;
    if (send === null || client.state === 'synchronized') return;
    const clientSeq = send.clientSeq === -1 ? this.#witness.takeSeq() : send.clientSeq;
    this.#machine = { ...client, inFlight: { ...client.inFlight, clientSeq } };
    this.#send({ ...send, clientSeq });
  }

  #send({ clientSeq, version: base, op }: Outgoing): void {
    this.#witness.emit({ clientSeq, body: { kind: 'edit', file: this.#file, base, op } });
  }

  #open(): void {
    if (this.#file !== '') return;
    this.#file = this.#witness.fileId('main.py');
    const { version, buffer } = this.#witness.fold.texts.get(this.#file)!;
    this.#machine = openClient(version);
    this.#view = TextBuffer.from(buffer.toString());
  }

  #pending(): JoinRequest['pending'] {
    return this.isSaved() ? [] : [{ file: this.#file, version: this.#machine.version }];
  }

  #take({ body }: RoomEvent, own: number | null): void {
    if (own !== null) this.#acknowledged.add(own);
    if (this.#file !== '' && body.kind === 'edit' && body.file === this.#file) {
      this.#step(body.version, body.op, own);
    }
  }

  #step(version: number, op: Op, own: number | null): void {
    if (own !== null && this.#machine.state !== 'synchronized' && this.#machine.inFlight.clientSeq === own) {
      this.#goOn(acknowledge(this.#machine, version, -1));
    } else {
      const shown = remote(this.#machine, version, op);
      this.#machine = shown.client;
      this.#view.apply(shown.op);
    }
  }

  #restart(catchUps: readonly CatchUp[]): void {
    if (this.#file === '') return;
    for (const { version, op, clientSeq } of catchUps.find(({ file }) => file === this.#file)?.steps ?? []) {
      // A step may stand for several versions: the machine is told of the last.
      this.#machine = { ...this.#machine, version: version - 1 };
      if (clientSeq !== undefined) this.#acknowledged.add(clientSeq);
      this.#step(version, op, clientSeq ?? null);
    }
    if (!this.isSaved()) return;
    const { version, buffer } = this.#witness.fold.texts.get(this.#file)!;
    this.#machine = openClient(version);
    this.#view = TextBuffer.from(buffer.toString());
  }

  #joined(): void {
    const again = resend(this.#machine);
    if (again !== null) this.#send(again);
  }

  #refused(clientSeq: number | null, error: Refusal): void {
    if (this.#machine.state === 'synchronized' || this.#machine.inFlight.clientSeq !== clientSeq) return;
    if (PASSING.includes(error.code)) setTimeout(() => this.#joined(), RETRY_MS);
    else if (error.code !== 'protocol.unjoined') this.#refusals.push(error);
  }
}

async function cookieFor(url: string, name: string): Promise<string> {
  const reply = await fetch(`${url}/api/me`, {
    method: 'PUT',
    // A connection that was kept may lead to a server that is held by now.
    headers: { 'Content-Type': 'application/json', Origin: url, Connection: 'close' },
    body: JSON.stringify({ name }),
  });
  if (!reply.ok) throw new Error(`PUT /api/me: ${reply.status}`);
  const { participant } = (await reply.json()) as MeReply;
  if (participant === null) throw new Error('the server gave no name');
  return reply.headers.getSetCookie()[0]!.split(';')[0]!;
}

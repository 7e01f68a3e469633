// The way to one other person in the call: one peer connection at a time, and a new one where that does not get through.
import type { IceServers, MediaKind, PeerSignal } from '@codesync/protocol';
import type { PeerChannel } from '../room-source/peer-channels.ts';
import { type DataChannelListener, DataChannels } from './data-channels.ts';
import { FIRST_STEP, type LadderInput, nextStep, type Rung, type Step } from './ladder.ts';
import { Mailbox } from './mailbox.ts';
import { type Quality, qualityOf, type Sample } from './quality.ts';
import { reportsOf, sampleOf } from './samples.ts';
import { Sending, type SendingOptions } from './sending.ts';
import type { PeerState, PeerView } from './transport.ts';

/** An offer that has no answer for so long is said again: it, or the answer, may have gone astray. */
const UNANSWERED_MS = 5_000;
/** However often the other end asks, a new connection is built no more often than this. */
const REBUILD_MS = 1_000;
/** Candidates that came before their description, at most. */
const EARLY_CANDIDATES = 100;

/**
 * Of two, one leads: it makes the media's places in the first offer, says which generation it is, and its offer stands
 * where both make one at the same time (the impolite peer of perfect negotiation). `changed` is called whenever the view,
 * or whether the channels are open, is another one.
 */
export type PeerOptions = SendingOptions &
  DataChannelListener & {
    /** Servers for finding a way that can be used now; asked for before each try. */
    readonly servers: () => Promise<IceServers>;
    readonly signal: (generation: number, signal: PeerSignal) => Promise<boolean>;
  };

export class Peer {
  readonly #options: PeerOptions;
  #generation: number;
  #pc: RTCPeerConnection | null = null;
  #channels: DataChannels | null = null;
  #sending: Sending | null = null;
  #mail: Mailbox;
  #rung: Rung = FIRST_STEP.rung;
  #cancelDue = () => {};
  #cancelAnswer = () => {};
  #bytes = 0;
  #before: Sample | null = null;
  #quality: Quality | null = null;
  #builtAt = Number.NEGATIVE_INFINITY;
  #closed = false;
  #agree = () => {};
  /** Resolves when both ends first knew how to reach each other, or the other one is gone. */
  readonly agreed = new Promise<void>((resolve) => {
    this.#agree = resolve;
  });

  // Perfect negotiation (W3C WebRTC, example 10.7).
  #making = false;
  #ignoring = false;
  #settingAnswer = false;
  #early: RTCIceCandidateInit[] = [];
  /** A candidate was told to the other end, and one of theirs is known. */
  #told = false;
  #known = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#generation = 1;
    this.#mail = this.#openMail();
    void this.#build();
  }

  get view(): PeerView {
    return { state: stateOf(this.#rung), tracks: this.#sending?.tracks ?? {}, quality: this.#quality };
  }

  /** Whether a message would get there now. */
  get open(): boolean {
    return this.#channels?.open ?? false;
  }

  send(name: PeerChannel, bytes: Uint8Array<ArrayBuffer>): void {
    this.#channels?.send(name, bytes);
  }

  /** The track of that kind is another one. */
  setTrack(kind: MediaKind): void {
    this.#sending?.setTrack(kind);
  }

  /** What may be sent is another amount. */
  limit(): void {
    this.#sending?.limit();
  }

  /** How loud the microphone is that is sent there, 0 to 1; null where none is. */
  async level(): Promise<number | null> {
    return hasWay(this.#rung) ? ((await this.#sending?.level()) ?? null) : null;
  }

  /** The next way is looked for by these servers. */
  use({ servers }: IceServers): void {
    this.#pc?.setConfiguration(configurationWith(servers));
  }

  /** The network is another one. */
  wake(): void {
    this.#climb({ kind: 'woken' });
  }

  /** The server can be reached again. */
  reached(): void {
    this.#mail.flush();
    this.#climb({ kind: 'reached' });
  }

  async signalled(generation: number, signal: PeerSignal): Promise<void> {
    if (this.#options.leads) {
      if (generation !== this.#generation) return;
      if (signal.kind === 'restart') {
        this.#rebuild(this.#generation + 1);
        return;
      }
    } else {
      if (generation < this.#generation || signal.kind === 'restart') return;
      if (generation > this.#generation && !this.#rebuild(generation)) return;
    }
    const pc = this.#pc;
    if (pc === null) return;
    try {
      if (signal.kind === 'description') await this.#described(pc, signal);
      else await this.#found(pc, signal);
    } catch (error) {
      // What the other end says may make no sense. A connection that comes to nothing by it is built anew.
      if (pc === this.#pc) console.warn('a signal of a call was of no use', error);
    }
  }

  /** Measures how the way is; to be called now and then. */
  async measure(): Promise<void> {
    const sample = await this.#sample();
    if (sample === null) return;
    const before = this.#before;
    this.#before = sample;
    // Where another way is found before the browser has missed the old one, it reports neither.
    if (this.#rung.kind === 'trying' && this.#pc?.connectionState === 'connected') {
      if (before !== null && sample.bytes > before.bytes) this.#climb({ kind: 'connected' });
    }
    if (before !== null && hasWay(this.#rung)) this.#quality = qualityOf(before, sample);
    this.#options.changed();
  }

  close(): void {
    this.#closed = true;
    this.#agree();
    this.#tearDown();
  }

  // ---- building -----------------------------------------------------------------------------------------

  #openMail(): Mailbox {
    const generation = this.#generation;
    return new Mailbox(this.#options.clock, (signal) => this.#options.signal(generation, signal));
  }

  /** False where that comes too soon after the last time. */
  #rebuild(generation: number): boolean {
    if (this.#options.clock.now() - this.#builtAt < REBUILD_MS) return false;
    this.#tearDown();
    this.#generation = generation;
    this.#mail = this.#openMail();
    void this.#build();
    return true;
  }

  #tearDown(): void {
    this.#cancelDue();
    this.#cancelAnswer();
    this.#mail.close();
    this.#channels?.close();
    this.#channels = null;
    this.#sending?.close();
    this.#sending = null;
    const pc = this.#pc;
    this.#pc = null;
    if (pc === null) return;
    pc.onnegotiationneeded = null;
    pc.onicecandidate = null;
    pc.onconnectionstatechange = null;
    pc.onsignalingstatechange = null;
    pc.close();
  }

  async #build(): Promise<void> {
    const { clock, leads } = this.#options;
    this.#builtAt = clock.now();
    this.#making = false;
    this.#ignoring = false;
    this.#settingAnswer = false;
    this.#early = [];
    this.#before = null;
    this.#bytes = 0;
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#pc = pc;
    const sending = new Sending(pc, this.#options);
    this.#sending = sending;
    pc.onnegotiationneeded = () => void this.#offer(pc);
    pc.onicecandidate = ({ candidate }) => this.#tell(candidate);
    pc.onsignalingstatechange = () => {
      this.#awaitAnswer(pc);
      this.#watchWay(pc);
    };
    pc.onconnectionstatechange = () => this.#connection(pc);
    this.#take(this.#rung.kind === 'trying' ? { ...FIRST_STEP, rung: this.#rung } : FIRST_STEP);
    // Nothing is gathered before the servers are known.
    const servers = await this.#options.servers();
    if (pc !== this.#pc) return;
    this.use(servers);
    this.#channels = new DataChannels(pc, this.#options);
    if (leads) sending.make();
  }

  #watchWay(pc: RTCPeerConnection): void {
    // Not in every browser.
    const ice = pc.getSenders()[0]?.transport?.iceTransport;
    if (ice === undefined) return;
    ice.onselectedcandidatepairchange = () => {
      if (pc === this.#pc && pc.connectionState === 'connected') this.#sending?.limit(true);
    };
  }

  // ---- negotiating --------------------------------------------------------------------------------------

  async #offer(pc: RTCPeerConnection): Promise<void> {
    if (!this.#sending?.begun || pc !== this.#pc) return;
    try {
      this.#making = true;
      await pc.setLocalDescription();
      this.#post(pc);
    } catch (error) {
      if (pc === this.#pc) throw error;
    } finally {
      if (pc === this.#pc) this.#making = false;
    }
  }

  async #described(
    pc: RTCPeerConnection,
    { type, sdp }: Extract<PeerSignal, { kind: 'description' }>,
  ): Promise<void> {
    const sending = this.#sending;
    if (sending === null || (type === 'answer' && pc.signalingState !== 'have-local-offer')) return;
    const ready = !this.#making && (pc.signalingState === 'stable' || this.#settingAnswer);
    this.#ignoring = this.#options.leads && type === 'offer' && !ready;
    if (this.#ignoring) return;
    const rollsBack = type === 'offer' && pc.signalingState !== 'stable';
    this.#settingAnswer = type === 'answer';
    try {
      await pc.setRemoteDescription({ type, sdp });
    } finally {
      if (pc === this.#pc) this.#settingAnswer = false;
    }
    if (pc !== this.#pc) return;
    for (const candidate of this.#early.splice(0)) await this.#add(pc, candidate);
    if (type === 'answer') {
      this.#lookAgreed();
      this.limit();
      return;
    }
    if (!sending.begun) sending.take();
    await pc.setLocalDescription();
    if (pc !== this.#pc) return;
    this.#post(pc);
    this.#lookAgreed();
    if (rollsBack) await sending.refill();
    this.#options.changed();
  }

  async #found(
    pc: RTCPeerConnection,
    { candidate, sdpMid, sdpMLineIndex, usernameFragment }: Extract<PeerSignal, { kind: 'candidate' }>,
  ): Promise<void> {
    const init: RTCIceCandidateInit = { candidate, sdpMid, sdpMLineIndex, usernameFragment };
    if (pc.remoteDescription === null && pc.pendingRemoteDescription === null && !this.#ignoring) {
      if (this.#early.length < EARLY_CANDIDATES) this.#early.push(init);
      return;
    }
    try {
      await this.#add(pc, init);
    } catch (error) {
      // It may belong to an offer that was passed over, or to a way that is given up by now.
      if (!this.#ignoring && pc === this.#pc && pc.connectionState !== 'connected') throw error;
    }
  }

  async #add(pc: RTCPeerConnection, candidate: RTCIceCandidateInit): Promise<void> {
    await pc.addIceCandidate(candidate);
    this.#known = true;
    this.#lookAgreed();
  }

  #tell(candidate: RTCIceCandidate | null): void {
    // The end of the candidates needs no telling: a way that is not found by then is given up by time.
    if (candidate === null || candidate.candidate === '') return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.#mail.post({
      kind: 'candidate',
      candidate: candidate.candidate,
      sdpMid,
      sdpMLineIndex,
      usernameFragment,
    });
    this.#told = true;
    this.#lookAgreed();
  }

  #lookAgreed(): void {
    if (this.#told && this.#known && this.#pc?.signalingState === 'stable') this.#agree();
  }

  #post({ localDescription }: RTCPeerConnection): void {
    if (localDescription === null) return;
    const { type, sdp } = localDescription;
    if (type === 'offer' || type === 'answer') this.#mail.post({ kind: 'description', type, sdp });
  }

  #awaitAnswer(pc: RTCPeerConnection): void {
    this.#cancelAnswer();
    if (pc !== this.#pc || pc.signalingState !== 'have-local-offer') return;
    this.#cancelAnswer = this.#options.clock.after(UNANSWERED_MS, () => {
      this.#post(pc);
      this.#awaitAnswer(pc);
    });
  }

  // ---- keeping it up ------------------------------------------------------------------------------------

  #connection(pc: RTCPeerConnection): void {
    if (pc !== this.#pc) return;
    const { connectionState: kind } = pc;
    if (kind === 'connected') this.#sending?.grow();
    if (kind === 'connected' || kind === 'disconnected' || kind === 'failed') this.#climb({ kind });
  }

  #climb(input: LadderInput): void {
    if (this.#closed) return;
    const step = nextStep(this.#rung, input);
    if (step !== null) this.#take(step);
  }

  #take({ rung, act, dueMs }: Step): void {
    this.#cancelDue();
    this.#rung = rung;
    if (!hasWay(rung)) this.#quality = null;
    // What came by the way that is given up says nothing of the next one.
    if (rung.kind === 'trying') this.#before = null;
    if (dueMs !== null) this.#cancelDue = this.#options.clock.after(dueMs, () => void this.#due());
    if (rung.kind === 'doubted' || rung.kind === 'probed') void this.#flowing();
    if (act === 'restart') void this.#restart();
    if (act === 'rebuild') this.#askRebuild();
    this.#options.changed();
  }

  async #due(): Promise<void> {
    const pc = this.#pc;
    const flowing = await this.#flowing();
    if (pc === this.#pc) this.#climb({ kind: 'due', flowing });
  }

  /** Whether bytes have come since it was asked last. */
  async #flowing(): Promise<boolean> {
    const bytes = (await this.#sample())?.bytes ?? 0;
    const more = bytes > this.#bytes;
    this.#bytes = bytes;
    return more;
  }

  async #restart(): Promise<void> {
    const pc = this.#pc;
    const servers = await this.#options.servers();
    if (pc === null || pc !== this.#pc) return;
    this.use(servers);
    if (this.#sending?.begun) pc.restartIce();
    else this.#askRebuild();
  }

  #askRebuild(): void {
    if (this.#options.leads) this.#rebuild(this.#generation + 1);
    else this.#mail.post({ kind: 'restart' });
  }

  async #sample(): Promise<Sample | null> {
    const pc = this.#pc;
    if (pc === null) return null;
    const stats = await pc.getStats();
    return pc === this.#pc ? sampleOf(reportsOf(stats), this.#options.clock.now()) : null;
  }
}

/** As far as is known. */
function hasWay({ kind }: Rung): boolean {
  return kind === 'connected' || kind === 'probed';
}

function stateOf(rung: Rung): PeerState {
  if (rung.kind !== 'trying') return hasWay(rung) ? 'connected' : 'troubled';
  if (rung.rounds > 0) return 'failing';
  return rung.lost ? 'troubled' : 'connecting';
}

/** One pool: candidates are looked for before the offer has come, and there when it is answered. */
function configurationWith(servers: IceServers['servers']): RTCConfiguration {
  return { bundlePolicy: 'max-bundle', iceCandidatePoolSize: 1, iceServers: servers.map(asIceServer) };
}

function asIceServer({ urls, ...credentials }: IceServers['servers'][number]): RTCIceServer {
  return { urls: [...urls], ...credentials };
}

// One person's part in the call of a room: joining and leaving it, what of theirs is on, and what they must be told.
import {
  type CallMedia,
  type CallMember,
  type CallReply,
  type CallRequest,
  type CallSessionId,
  type ClientId,
  type IceServers,
  LIMITS,
  type MediaKind,
  type ParticipantId,
  REFUSALS,
} from '@codesync/protocol';
import { createStore, type StoreApi } from 'zustand';
import type { Clock } from '../room-source/clock.ts';
import type { RoomSource } from '../room-source/types.ts';
import { Mesh } from './mesh.ts';
import { type DeviceKind, type Devices, NO_DEVICES, OwnMedia } from './own-media.ts';
import { OwnVoice } from './own-voice.ts';
import type { CallTransport, Other, PeerView } from './transport.ts';
import { type DeviceTrouble, troubleWords } from './troubles.ts';

/** What the server says of this client's microphone is believed so long after this client said something else. */
const SETTLED_MS = 600;
/** The call is shown after this, whether or not this page and all others have agreed on how to reach each other. */
const AGREED_MS = 800;
const SILENT: CallMedia = { microphone: false, camera: false, screen: false };

/** What must be told: why something is not as it was asked for, or has changed by itself. */
export type CallNote = { readonly tone: 'info' | 'warning' | 'danger'; readonly text: string };

export type CallStatus = {
  /** `preparing`: devices are tried before the call. */
  readonly phase: 'out' | 'preparing' | 'joining' | 'in';
  /** What is on, or is to be on from the beginning. */
  readonly media: CallMedia;
  readonly tracks: Readonly<Partial<Record<MediaKind, MediaStreamTrack>>>;
  readonly devices: Devices;
  /** Why a device cannot be had, as far as one was asked for. */
  readonly troubles: Readonly<Partial<Record<DeviceKind, DeviceTrouble>>>;
  readonly peers: ReadonlyMap<ClientId, PeerView>;
  /** Whether there is a relay, for where no direct way is found. */
  readonly relay: boolean;
  readonly speaking: boolean;
  /** Talks, and is not heard. */
  readonly unheard: boolean;
  readonly note: CallNote | null;
};

const OUT: CallStatus = {
  phase: 'out',
  media: SILENT,
  tracks: {},
  devices: NO_DEVICES,
  troubles: {},
  peers: new Map(),
  relay: false,
  speaking: false,
  unheard: false,
  note: null,
};

export type CallDeps = {
  readonly source: Pick<RoomSource, 'view' | 'subscribe' | 'setActivity' | 'setPeers' | 'call'>;
  readonly clock: Clock;
  /** Unguessable. */
  readonly newSession: () => CallSessionId;
};

export class Call {
  readonly status: StoreApi<CallStatus> = createStore(() => OUT);
  readonly #deps: CallDeps;
  #own: OwnMedia | null = null;
  #stay: {
    readonly client: ClientId;
    readonly session: CallSessionId;
    readonly transport: CallTransport;
    readonly voice: OwnVoice;
  } | null = null;
  readonly #stops: (() => void)[] = [];
  #stopStay: (() => void)[] = [];
  /** The microphone was to be on from the beginning, and the browser had not given it. */
  #awaited = false;
  #online = false;
  /** The server has told of this stay since it was asked for. */
  #listed = false;
  #rejoining = false;
  #others: readonly Other[] = [];
  /** Whoever is missing in what the server says is kept until then: it may have been started anew. */
  #keepUntil = Number.NEGATIVE_INFINITY;
  #setAt = Number.NEGATIVE_INFINITY;
  /** When what the server says is looked at again, though it says nothing new. */
  #againAt = Number.POSITIVE_INFINITY;
  #cancelAgain = () => {};

  constructor(deps: CallDeps) {
    this.#deps = deps;
  }

  /** Follows the room. To be called once. Returns the way to end it. */
  start(): () => void {
    const { source } = this.#deps;
    this.#stops.push(source.subscribe(() => this.#follow()));
    const hide = () => this.leave();
    const network = () => this.#stay?.transport.wake();
    addEventListener('pagehide', hide);
    addEventListener('online', network);
    this.#stops.push(() => removeEventListener('pagehide', hide));
    this.#stops.push(() => removeEventListener('online', network));
    this.#follow();
    return () => {
      this.leave();
      for (const stop of this.#stops.splice(0)) stop();
    };
  }

  // ---- before it ------------------------------------------------------------------------------------------

  /** Tries the devices that are to be on. */
  async prepare(): Promise<void> {
    if (this.status.getState().phase !== 'out') return;
    this.#set({ ...OUT, phase: 'preparing', media: { ...SILENT, microphone: true } });
    this.#media();
    await this.#try('microphone');
    await this.#own?.look();
  }

  /** Gives up what was prepared. */
  cancel(): void {
    if (this.status.getState().phase === 'preparing') this.#end(null);
  }

  async join(): Promise<void> {
    const { phase, media } = this.status.getState();
    if (phase === 'in' || phase === 'joining') return;
    const { source, newSession, clock } = this.#deps;
    const client = source.call.client();
    this.#set({ phase: 'joining', note: null });
    this.#media();
    const session = newSession();
    this.#awaited = media.microphone && this.#own!.track('microphone') === null;
    const on = { ...media, microphone: media.microphone && !this.#awaited };
    let reply = await this.#ask({ ask: 'join', session, media: on });
    // Others show their cameras already: whoever comes can speak all the same.
    let note: CallNote | null = null;
    if (reply !== null && !reply.ok && reply.error.code === 'call.videos') {
      note = { tone: 'warning', text: reply.error.message };
      this.#own!.close('camera');
      on.camera = false;
      reply = await this.#ask({ ask: 'join', session, media: on });
    }
    if (this.status.getState().phase !== 'joining') {
      if (reply?.ok) void this.#ask({ ask: 'leave' });
      return;
    }
    if (client === null || reply === null) return this.#end(unreachable());
    if (!reply.ok) return this.#end({ tone: 'danger', text: reply.error.message });
    const ice = reply.ice ?? { servers: [], validMs: null };
    const transport: CallTransport = new Mesh(client, ice, clock, {
      changed: () => this.#look(),
      signal: (to, generation, signal) =>
        source.call.signal({ to: to.client, session: to.session, generation, signal }),
      renew: () => this.#renew(),
    });
    const voice = new OwnVoice({
      clock,
      level: () => transport.level(),
      speaks: (speaking) => {
        this.#set({ speaking });
        source.setActivity({ speaking });
      },
      unheard: (unheard) => this.#set({ unheard }),
    });
    this.#stay = { client, session, transport, voice };
    this.#listed = false;
    this.#set({ media: on, relay: ice.validMs !== null, note });
    for (const kind of ['microphone', 'camera'] as const) {
      transport.setTrack(kind, on[kind] ? this.#own!.track(kind) : null);
    }
    source.setPeers(transport.channels);
    this.#stopStay = [source.call.onSignal(transport.signalled)];
    this.#listen();
    this.#turnAwaited();
    this.#follow();
    // A page that draws the call hands on no signals meanwhile. After these, it has to wait for the network.
    await Promise.race([transport.agreed(), this.#passed(AGREED_MS)]);
    if (this.#stay?.transport === transport) this.#set({ phase: 'in' });
  }

  leave(): void {
    if (this.status.getState().phase === 'out') return;
    if (this.#stay !== null) void this.#ask({ ask: 'leave' });
    this.#end(null);
  }

  // ---- in it ----------------------------------------------------------------------------------------------

  /** Turns one of them on or off. */
  async turn(kind: MediaKind, on: boolean): Promise<void> {
    if (kind === 'microphone') await this.#turnMicrophone(on);
    else if (on) await this.#show(kind);
    else this.#hide(kind);
  }

  /** From now on this device of the kind. */
  async choose(kind: DeviceKind, device: string): Promise<void> {
    this.#own?.choose(kind, device);
    if (this.#own?.track(kind) !== null || this.status.getState().media[kind]) await this.#try(kind);
  }

  chosen(kind: DeviceKind): string | null {
    return this.#own?.chosen(kind) ?? null;
  }

  /** Turns off the microphone of another one; for hosts. */
  async mute(client: ClientId): Promise<void> {
    this.#tellRefusal(await this.#ask({ ask: 'mute', client }));
  }

  dismiss(): void {
    this.#set({ note: null });
  }

  async #turnMicrophone(on: boolean): Promise<void> {
    this.#awaited = false;
    if (on && this.#own?.track('microphone') == null && !(await this.#try('microphone'))) return;
    this.#put({ microphone: on });
    this.#stay?.transport.setTrack('microphone', on ? (this.#own?.track('microphone') ?? null) : null);
    this.#listen();
    if (this.#stay !== null) this.#tellRefusal(await this.#say({ microphone: on }));
  }

  /** A microphone that was to be on from the beginning is on as soon as it is there. */
  #turnAwaited(): void {
    if (!this.#awaited || this.#stay === null || this.#own?.track('microphone') == null) return;
    void this.#turnMicrophone(true);
  }

  async #show(kind: 'camera' | 'screen'): Promise<void> {
    const inCall = this.#stay !== null;
    // A browser shows the choice of screens only right after a press. A camera's light need not go on for nothing.
    if (inCall && kind === 'camera' && this.#tellRefusal(await this.#say({ camera: true }))) return;
    if (!(await this.#try(kind))) {
      if (inCall && kind === 'camera') void this.#say({ camera: false });
      return;
    }
    if (inCall && kind === 'screen' && this.#tellRefusal(await this.#say({ screen: true }))) {
      this.#own?.close(kind);
      return;
    }
    this.#put({ [kind]: true });
  }

  #hide(kind: 'camera' | 'screen'): void {
    this.#put({ [kind]: false });
    this.#own?.close(kind);
    if (this.#stay !== null) void this.#say({ [kind]: false });
  }

  /** Opens a device. Where that cannot be, says why. */
  async #try(kind: MediaKind): Promise<boolean> {
    const own = this.#own;
    if (own === null) return false;
    const opened = await own.open(kind);
    if (this.#own !== own) return false;
    if (opened.ok) {
      if (kind !== 'screen')
        this.#set({ troubles: { ...this.status.getState().troubles, [kind]: undefined } });
      return true;
    }
    if (kind !== 'screen') {
      this.#set({ troubles: { ...this.status.getState().troubles, [kind]: opened.trouble } });
      this.#put({ [kind]: false });
    }
    // Before the call, the dialog says it beside the device.
    if (this.#stay !== null) this.#note('warning', troubleWords(kind, opened.trouble));
    return false;
  }

  /** Says what is on from now; a reply of null means that it is said again when the server is back. */
  #say(media: Partial<CallMedia>): Promise<CallReply | null> {
    this.#setAt = this.#deps.clock.now();
    return this.#ask({ ask: 'set', media });
  }

  #ask(request: CallRequest): Promise<CallReply | null> {
    return this.#deps.source.call.ask(request);
  }

  /** Whether it was refused. */
  #tellRefusal(reply: CallReply | null): boolean {
    if (reply === null || reply.ok) return false;
    if (reply.error.code !== 'call.notIn') this.#note('danger', reply.error.message);
    return true;
  }

  async #renew(): Promise<IceServers | null> {
    const reply = await this.#ask({ ask: 'renew' });
    return reply?.ok ? reply.ice : null;
  }

  // ---- what the server says -------------------------------------------------------------------------------

  #follow(): void {
    const { source, clock } = this.#deps;
    const { call, connection, you } = source.view();
    this.#cancelAgain();
    this.#againAt = Number.POSITIVE_INFINITY;
    const online = connection.kind === 'online';
    const back = online && !this.#online;
    this.#online = online;
    if (!online) return;
    if (this.#stay === null) {
      this.#tidy(call.members);
      return;
    }
    const { client, session, transport } = this.#stay;
    const own = call.members.find((member) => member.client === client && member.session === session);
    if (back) {
      this.#listed = false;
      this.#keepUntil = clock.now() + LIMITS.callGraceMs;
      transport.reached();
      if (own === undefined) void this.#rejoin();
      else void this.#say(this.status.getState().media);
    }
    if (own === undefined && this.#listed) {
      const elsewhere = call.members.some(({ participant }) => participant === you?.id);
      if (elsewhere) this.#end({ tone: 'info', text: 'You are in the call in another tab now.' });
      else void this.#rejoin();
      return;
    }
    if (own !== undefined) {
      this.#listed = true;
      this.#obey(own);
    }
    this.#meet(call.members);
  }

  /** What an earlier page of this tab left behind in the call is no longer there. */
  #tidy(members: readonly CallMember[]): void {
    const client = this.#deps.source.call.client();
    if (this.status.getState().phase === 'joining') return;
    if (members.some((member) => member.client === client)) void this.#ask({ ask: 'leave' });
  }

  async #rejoin(): Promise<void> {
    if (this.#rejoining || this.#stay === null) return;
    this.#rejoining = true;
    const { session } = this.#stay;
    this.#listed = false;
    const reply = await this.#ask({ ask: 'join', session, media: this.status.getState().media });
    this.#rejoining = false;
    if (reply !== null && !reply.ok && this.#stay?.session === session) {
      this.#end({ tone: 'danger', text: reply.error.message });
    }
  }

  #obey({ microphone, mutedBy }: CallMember): void {
    const { clock, source } = this.#deps;
    if (microphone || mutedBy === null || !this.status.getState().media.microphone) return;
    const wait = this.#setAt + SETTLED_MS - clock.now();
    if (wait > 0) {
      this.#followAgain(wait);
      return;
    }
    this.#put({ microphone: false });
    this.#stay?.transport.setTrack('microphone', null);
    this.#listen();
    const name = nameOf(source.view().room.members, mutedBy);
    this.#note('info', `${name} muted you. Turn your microphone on again when you want to speak.`);
  }

  #meet(members: readonly CallMember[]): void {
    const { clock } = this.#deps;
    const { client, transport } = this.#stay!;
    const listed: Other[] = members
      .filter((member) => member.client !== client)
      .map(({ client, session }) => ({ client, session }));
    const wait = this.#keepUntil - clock.now();
    const kept =
      wait > 0 ? this.#others.filter((one) => !listed.some((other) => other.client === one.client)) : [];
    if (kept.length > 0) this.#followAgain(wait);
    const others = [...listed, ...kept];
    if (sameOthers(others, this.#others)) return;
    this.#others = others;
    transport.setOthers(others);
  }

  /** Looks again at what the server says after so many milliseconds, if nothing comes sooner. */
  #followAgain(ms: number): void {
    const { clock } = this.#deps;
    if (clock.now() + ms >= this.#againAt) return;
    this.#cancelAgain();
    this.#againAt = clock.now() + ms;
    this.#cancelAgain = clock.after(ms, () => this.#follow());
  }

  // ---- what is on -----------------------------------------------------------------------------------------

  #media(): void {
    this.#own ??= new OwnMedia({
      changed: (kind, track) => {
        const { [kind]: _, ...tracks } = this.status.getState().tracks;
        this.#set({ tracks: track === null ? tracks : { ...tracks, [kind]: track } });
        const { media } = this.status.getState();
        if (kind !== 'microphone' || media.microphone) this.#stay?.transport.setTrack(kind, track);
        if (kind === 'microphone') {
          this.#listen();
          this.#turnAwaited();
        }
      },
      gone: (kind, instead) => this.#gone(kind, instead),
      devices: (devices) => this.#set({ devices }),
    });
  }

  #gone(kind: MediaKind, instead: boolean): void {
    if (instead) {
      this.#note('info', `Your ${kind} is gone. Another one has taken its place.`);
      return;
    }
    this.#put({ [kind]: false });
    if (this.#stay !== null) void this.#say({ [kind]: false });
    this.#note(kind === 'screen' ? 'info' : 'warning', troubleWords(kind, 'unplugged'));
  }

  /** A microphone that is off is listened to here alone. */
  #listen(): void {
    const off = !this.status.getState().media.microphone;
    this.#stay?.voice.listen(off ? (this.#own?.track('microphone') ?? null) : null);
  }

  #look(): void {
    const stay = this.#stay;
    if (stay !== null) this.#set({ peers: stay.transport.peers() });
  }

  #end(note: CallNote | null): void {
    const { source } = this.#deps;
    const stay = this.#stay;
    this.#stay = null;
    for (const stop of this.#stopStay.splice(0)) stop();
    this.#cancelAgain();
    if (stay !== null) {
      stay.voice.close();
      source.setPeers(null);
      stay.transport.close();
    }
    this.#others = [];
    this.#awaited = false;
    const own = this.#own;
    this.#own = null;
    own?.closeAll();
    this.#set({ ...OUT, note });
  }

  #passed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#stopStay.push(this.#deps.clock.after(ms, resolve));
    });
  }

  #put(media: Partial<CallMedia>): void {
    this.#set({ media: { ...this.status.getState().media, ...media } });
  }

  #note(tone: CallNote['tone'], text: string): void {
    this.#set({ note: { tone, text } });
  }

  #set(change: Partial<CallStatus>): void {
    const before = this.status.getState();
    const keys = Object.keys(change) as (keyof CallStatus)[];
    if (keys.some((key) => !Object.is(before[key], change[key]))) this.status.setState(change);
  }
}

function unreachable(): CallNote {
  return { tone: 'danger', text: REFUSALS['room.unavailable'] };
}

function sameOthers(some: readonly Other[], others: readonly Other[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ client, session }, i) => client === others[i]!.client && session === others[i]!.session)
  );
}

function nameOf(
  members: ReadonlyMap<ParticipantId, { readonly name: string }>,
  participant: ParticipantId,
): string {
  return members.get(participant)?.name ?? 'A host';
}

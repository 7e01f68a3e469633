// This person's microphone, camera and screen: opened and let go of, and what becomes of them when devices come and go.
import type { MediaKind } from '@codesync/protocol';
import { type DeviceTrouble, troubleOf } from './troubles.ts';

export type DeviceKind = 'microphone' | 'camera';

type Device = { readonly id: string; readonly label: string };
export type Devices = Readonly<Record<DeviceKind, readonly Device[]>>;

export const NO_DEVICES: Devices = { microphone: [], camera: [] };

const INPUT: Readonly<Record<DeviceKind, MediaDeviceKind>> = {
  microphone: 'audioinput',
  camera: 'videoinput',
};

/** Lines of the own picture before it is made smaller for sending. */
const CAMERA = { width: { ideal: 1_280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const SCREEN = { frameRate: { ideal: 15, max: 15 } };

export type Opened =
  | { readonly ok: true; readonly track: MediaStreamTrack }
  | { readonly ok: false; readonly trouble: DeviceTrouble };

export type OwnMediaListener = {
  /** The track of that kind is another one, or none. */
  readonly changed: (kind: MediaKind, track: MediaStreamTrack | null) => void;
  /** A device is gone. `instead`: another one has taken its place. */
  readonly gone: (kind: MediaKind, instead: boolean) => void;
  readonly devices: (devices: Devices) => void;
};

export class OwnMedia {
  readonly #listener: OwnMediaListener;
  readonly #tracks = new Map<MediaKind, MediaStreamTrack>();
  /** Grows with each opening: an older one that comes late is let go of. */
  readonly #turns: Record<MediaKind, number> = { microphone: 0, camera: 0, screen: 0 };
  readonly #wanted: Partial<Record<DeviceKind, string>> = {};
  readonly #stop: () => void;

  constructor(listener: OwnMediaListener) {
    this.#listener = listener;
    const media = devicesOf(navigator);
    const look = () => void this.look();
    media?.addEventListener('devicechange', look);
    this.#stop = () => media?.removeEventListener('devicechange', look);
  }

  track(kind: MediaKind): MediaStreamTrack | null {
    return this.#tracks.get(kind) ?? null;
  }

  /** The device of which the track is, or which was asked for. */
  chosen(kind: DeviceKind): string | null {
    return this.#tracks.get(kind)?.getSettings().deviceId ?? this.#wanted[kind] ?? null;
  }

  /** From now on this device of the kind. */
  choose(kind: DeviceKind, device: string): void {
    this.#wanted[kind] = device;
  }

  /** Opens it anew, in the place of what was open. */
  async open(kind: MediaKind): Promise<Opened> {
    const turn = ++this.#turns[kind];
    const media = devicesOf(navigator);
    if (media === null) return { ok: false, trouble: isSecureContext ? 'unsupported' : 'insecure' };
    if (kind === 'screen' && media.getDisplayMedia === undefined)
      return { ok: false, trouble: 'unsupported' };
    try {
      const stream = await this.#ask(media, kind);
      const [track] = stream.getTracks();
      if (track === undefined) return { ok: false, trouble: 'missing' };
      if (turn !== this.#turns[kind]) {
        track.stop();
        return { ok: false, trouble: 'failed' };
      }
      this.#hold(kind, track);
      // Names of devices are told only to whoever may use one.
      void this.look();
      return { ok: true, track };
    } catch (error) {
      return { ok: false, trouble: troubleOf(error) };
    }
  }

  /** Lets go of it: its light goes off. */
  close(kind: MediaKind): void {
    this.#turns[kind] += 1;
    const track = this.#tracks.get(kind);
    if (track === undefined) return;
    this.#tracks.delete(kind);
    track.onended = null;
    track.stop();
    this.#listener.changed(kind, null);
  }

  closeAll(): void {
    for (const kind of ['microphone', 'camera', 'screen'] as const) this.close(kind);
    this.#stop();
  }

  /** Looks at which devices there are. */
  async look(): Promise<void> {
    const found =
      (await devicesOf(navigator)
        ?.enumerateDevices()
        .catch(() => [])) ?? [];
    const of = (kind: DeviceKind) =>
      found
        .filter((device) => device.kind === INPUT[kind] && device.deviceId !== '')
        .map(({ deviceId: id, label }, i) => ({ id, label: label || `${NAMES[kind]} ${i + 1}` }));
    this.#listener.devices({ microphone: of('microphone'), camera: of('camera') });
  }

  async #ask(media: MediaDevices, kind: MediaKind): Promise<MediaStream> {
    if (kind === 'screen') return media.getDisplayMedia({ video: SCREEN, audio: false });
    const wanted = this.#wanted[kind];
    const constraints = (deviceId?: ConstrainDOMString): MediaStreamConstraints =>
      kind === 'microphone'
        ? {
            audio: {
              ...(deviceId === undefined ? {} : { deviceId }),
              echoCancellation: true,
              noiseSuppression: true,
            },
          }
        : { video: { ...(deviceId === undefined ? {} : { deviceId }), ...CAMERA } };
    if (wanted === undefined) return media.getUserMedia(constraints());
    try {
      return await media.getUserMedia(constraints({ exact: wanted }));
    } catch (error) {
      if (troubleOf(error) !== 'missing') throw error;
      // The chosen one is not there any more: any other one does.
      delete this.#wanted[kind];
      return media.getUserMedia(constraints());
    }
  }

  #hold(kind: MediaKind, track: MediaStreamTrack): void {
    const before = this.#tracks.get(kind);
    if (before !== undefined) {
      before.onended = null;
      before.stop();
    }
    this.#tracks.set(kind, track);
    // Text is what screens show here: its lines matter more than its motion.
    if (kind === 'screen') track.contentHint = 'detail';
    track.onended = () => void this.#ended(kind, track);
    this.#listener.changed(kind, track);
  }

  /** Its device is gone, or its owner ended it by the browser's own button. */
  async #ended(kind: MediaKind, track: MediaStreamTrack): Promise<void> {
    if (this.#tracks.get(kind) !== track) return;
    this.close(kind);
    if (kind === 'screen') {
      this.#listener.gone(kind, false);
      return;
    }
    delete this.#wanted[kind];
    const { ok } = await this.open(kind);
    this.#listener.gone(kind, ok);
  }
}

const NAMES: Readonly<Record<DeviceKind, string>> = { microphone: 'Microphone', camera: 'Camera' };

/** Null where the browser gives no devices to this page, whatever its types say. */
function devicesOf({ mediaDevices }: { readonly mediaDevices?: MediaDevices }): MediaDevices | null {
  return mediaDevices ?? null;
}

/**
 * Devices that can be unplugged. Chromium's own ones for tests cannot: what a browser does when one goes is done in its
 * place, to the page and to nothing else.
 */
import type { Page } from 'playwright-core';
import type { Person } from './person.ts';

declare global {
  /** What is open of each device, and which devices are gone, in a page of somebody's who `hasDevices`. */
  var devices: { readonly open: Set<MediaStreamTrack>; readonly gone: Set<string> } | undefined;
}

/** To be called before the person's page is loaded. */
export async function hasDevices({ context }: Person): Promise<void> {
  await context.addInitScript(() => {
    const media = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (media === undefined) return;
    const enumerate = media.enumerateDevices.bind(media);
    const open = media.getUserMedia.bind(media);
    const there = async () =>
      (await enumerate()).filter(({ deviceId }) => !globalThis.devices!.gone.has(deviceId));
    const ofThose = async (asked: boolean | MediaTrackConstraints | undefined, kind: MediaDeviceKind) => {
      const constraints = typeof asked === 'object' ? asked : {};
      if (!asked || globalThis.devices!.gone.size === 0) return asked ?? false;
      const ids = (await there()).filter((device) => device.kind === kind).map(({ deviceId }) => deviceId);
      if (ids.length === 0) throw new DOMException('Requested device not found', 'NotFoundError');
      const { exact } = Object(constraints.deviceId) as ConstrainDOMStringParameters;
      if (exact === undefined) return { ...constraints, deviceId: { exact: ids[0]! } };
      if (!ids.includes(String(exact))) throw new DOMException('', 'OverconstrainedError');
      return constraints;
    };
    globalThis.devices = { open: new Set(), gone: new Set() };
    media.enumerateDevices = there;
    media.getUserMedia = async ({ audio, video } = {}) => {
      const [ear, eye] = [await ofThose(audio, 'audioinput'), await ofThose(video, 'videoinput')];
      const stream = await open({ audio: ear, video: eye });
      for (const track of stream.getTracks()) globalThis.devices!.open.add(track);
      return stream;
    };
  });
}

/** The device goes of which the page has a live track of that kind. Returns its id. */
export function unplug(page: Page, kind: 'audio' | 'video'): Promise<string> {
  return page.evaluate((of) => {
    const { open, gone } = globalThis.devices!;
    const live = [...open].filter((track) => track.readyState === 'live');
    const id = live.find((track) => track.kind === of)!.getSettings().deviceId!;
    gone.add(id);
    for (const track of live.filter((each) => each.getSettings().deviceId === id)) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    return id;
  }, kind);
}

/** All devices are there again. */
export function plugIn(page: Page): Promise<void> {
  return page.evaluate(() => {
    globalThis.devices!.gone.clear();
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });
}

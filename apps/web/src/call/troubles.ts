// Why a microphone, a camera or a screen cannot be had, told from what the browser says. Pure.
import type { MediaKind } from '@codesync/protocol';

/**
 * - `denied`: this person, their browser or their system does not allow it.
 * - `missing`: there is no such device.
 * - `busy`: there is one, and it cannot be opened: another program has it, mostly.
 * - `insecure`: browsers give devices to no page that came over plain HTTP from another machine.
 * - `unsupported`: this browser cannot do it.
 * - `unplugged`: it was there, and is gone.
 * - `failed`: anything else.
 */
export type DeviceTrouble =
  | 'denied'
  | 'missing'
  | 'busy'
  | 'insecure'
  | 'unsupported'
  | 'unplugged'
  | 'failed';

/** @param error what `getUserMedia` or `getDisplayMedia` rejected with */
export function troubleOf(error: unknown): DeviceTrouble {
  const name: unknown = Object(error).name;
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    case 'NotSupportedError':
      return 'unsupported';
    default:
      return 'failed';
  }
}

const DEVICE: Readonly<Record<MediaKind, string>> = {
  microphone: 'microphone',
  camera: 'camera',
  screen: 'screen',
};

/** A sentence for a person: what happened, and what to do. */
export function troubleWords(kind: MediaKind, trouble: DeviceTrouble): string {
  const device = DEVICE[kind];
  switch (trouble) {
    case 'denied':
      return kind === 'screen'
        ? 'The screen is not shared: it was not allowed. Choose a screen, a window or a tab when your browser asks; on some systems it has to be allowed to record the screen first.'
        : `Your browser does not let this page use the ${device}. Allow it by the icon beside the address, and in your system’s settings, then try again.`;
    case 'missing':
      return kind === 'screen'
        ? 'There is no screen that can be shared.'
        : `No ${device} was found. Connect one; you can be in the call without it.`;
    case 'busy':
      return `The ${device} cannot be opened. Another program may be using it: close that, then try again.`;
    case 'insecure':
      return `This page came over plain HTTP from another machine, and browsers give no ${device} to such a page. Open it over HTTPS, or as http://localhost on the machine that runs the server. You can be in the call and listen without it.`;
    case 'unsupported':
      return `This browser cannot ${kind === 'screen' ? 'share a screen' : `use a ${device} here`}.`;
    case 'unplugged':
      return kind === 'screen'
        ? 'Your screen is no longer shared.'
        : `Your ${device} is gone. Connect it again, or choose another one.`;
    case 'failed':
      return `The ${device} could not be opened. Try again; if it happens again, try another browser.`;
  }
}

// What is said of a call, as sentences. Pure.
import type { CallMember, CallState, MediaKind, ParticipantId } from '@codesync/protocol';
import type { WayCheck } from '../../call/check.ts';
import type { QualityCause } from '../../call/quality.ts';
import type { PeerView } from '../../call/transport.ts';

/** What a button says that turns this on, and off. */
const TURNS = {
  microphone: { on: 'Unmute yourself', off: 'Mute yourself' },
  camera: { on: 'Turn your camera on', off: 'Turn your camera off' },
  screen: { on: 'Share your screen', off: 'Stop sharing your screen' },
} as const satisfies Record<MediaKind, { readonly on: string; readonly off: string }>;

/** What pressing its button does to one's microphone, camera or screen, which is on or not. */
export function turnWords(kind: MediaKind, isOn: boolean): string {
  return TURNS[kind][isOn ? 'off' : 'on'];
}

type People = ReadonlyMap<ParticipantId, { readonly name: string }>;

export function nameOf(people: People, { participant }: Pick<CallMember, 'participant'>): string {
  return people.get(participant)?.name ?? 'Somebody';
}

/** Who came into the call and who left it: “Bea joined the call”. Nothing of oneself. */
export function newsOf(
  before: CallState,
  after: CallState,
  people: People,
  you: ParticipantId | null,
): string {
  const has = ({ members }: CallState, id: ParticipantId) =>
    members.some(({ participant }) => participant === id);
  const came = after.members.filter(({ participant }) => !has(before, participant) && participant !== you);
  const left = before.members.filter(({ participant }) => !has(after, participant) && participant !== you);
  const shares = after.members.filter(
    ({ participant, screen }) =>
      screen &&
      participant !== you &&
      before.members.some((one) => one.participant === participant && !one.screen),
  );
  const say = (members: readonly CallMember[], what: string) =>
    members.map((member) => `${nameOf(people, member)} ${what}.`);
  return [
    ...say(came, 'joined the call'),
    ...say(left, 'left the call'),
    ...say(shares, 'shares their screen'),
  ].join(' ');
}

const CAUSE: Readonly<Record<QualityCause, string>> = {
  loss: 'much of what is sent gets lost on the way',
  delay: 'the way is long, or crowded',
  relay: 'it goes by way of a relay, which takes long',
  bandwidth: 'the line takes no larger picture',
  cpu: 'this machine is busy, so the picture is made smaller',
};

/** What is to be said of the way to somebody; null where all is well. */
export function wayWords(
  name: string,
  peer: PeerView | undefined,
  relay: boolean,
): { readonly short: string; readonly long: string } | null {
  if (peer === undefined || peer.state === 'connecting') {
    return { short: 'Connecting', long: `Looking for a way to ${name}.` };
  }
  if (peer.state === 'troubled') {
    return { short: 'Interrupted', long: `The way to ${name} is interrupted. Another one is looked for.` };
  }
  if (peer.state === 'failing') {
    const why = relay
      ? 'Neither a direct way nor the server’s relay gets through. A firewall may be in between; the call goes on looking.'
      : 'No direct way gets through, and this server has no relay (TURN) for that. Try another network, or ask whoever runs the server to set up a relay.';
    return { short: 'No way found', long: `You and ${name} cannot hear each other. ${why}` };
  }
  const { quality } = peer;
  if (quality === null || quality.cause === null) return null;
  const long = `The connection to ${name} is ${quality.level}: ${CAUSE[quality.cause]}.`;
  return { short: quality.level === 'poor' ? 'Poor connection' : 'Fair connection', long };
}

export const WAY_CHECK: Readonly<Record<WayCheck, string>> = {
  ok: 'Your browser can be connected to others.',
  blocked:
    'Your browser keeps pages from being connected to others (WebRTC). An extension or a policy may do that: allow it for this page.',
  unsupported: 'This browser cannot be connected to others (WebRTC). Use a newer one.',
};

/** What a screen reader says of somebody’s tile. */
export function tileWords(
  name: string,
  { microphone, camera }: Pick<CallMember, 'microphone' | 'camera'>,
  own: boolean,
): string {
  const parts = [microphone ? null : 'muted', camera ? 'camera on' : null].filter((part) => part !== null);
  return [own ? `${name} (you)` : name, ...parts].join(', ');
}

// Two people at one file, with a server that is far away (?way= milliseconds in each direction) and data channels of
// WebRTC between them. A test types in one editor and looks at the other.
import '../../src/styles/app.css';
import type { ClientId } from '@codesync/protocol';
import { participantId, roomId } from '@codesync/protocol/testing';
import { useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { useAppliedTheme } from '../../src/desk/theme.ts';
import Editor from '../../src/editor/Editor.tsx';
import { systemClock } from '../../src/room-source/clock.ts';
import { LiveSource } from '../../src/room-source/live-source.ts';
import type { PeerChannels } from '../../src/room-source/peer-channels.ts';
import type { LiveView, RoomReading } from '../../src/room-source/types.ts';
import { FakeServer, FILE, ROOM } from '../unit/room-source/support/fake-server.ts';
import { PLAIN_EDITOR } from './plain-editor.ts';

const WAY_MS = Number(new URLSearchParams(location.search).get('way') ?? 500);
const NAMES = ['Ada', 'Grace'];

const server = new FakeServer({ now: systemClock.now });
server.begin('# two people\nprint()\n');

/** Each message is delivered when it has been on its way for long enough. */
function pump(): void {
  for (const connection of server.connections) {
    for (const direction of ['up', 'down'] as const) {
      for (const message of connection[direction].splice(0)) {
        setTimeout(() => connection.alive && message(), WAY_MS);
      }
    }
  }
}
setInterval(pump, 1);

type Seat = { readonly name: string; readonly source: LiveSource; readonly client: Promise<ClientId> };

function sit(name: string, index: number): Seat {
  const person = { id: participantId(name), name, hue: 3 * index };
  const { promise: client, resolve } = Promise.withResolvers<ClientId>();
  const source = new LiveSource(
    {
      openSocket: server.socketFor(person),
      doubts: { get: () => 0, set: () => undefined },
      clock: systemClock,
      page: { networkUp: () => true, inSight: () => true, watch: () => () => undefined },
      store: {
        write: async () => undefined,
        writeAtOnce: () => undefined,
        list: async () => [],
        load: async () => null,
        remove: async () => undefined,
      },
      claim: async () => ({ release: () => undefined }),
      tab: { get: () => null, set: (_room, client) => resolve(client) },
      newId: () => `${name}-000000000000000000`.slice(0, 20),
    },
    { room: ROOM, secret: null, participant: person.id },
  );
  return { name, source, client };
}

/** The ways that two ends of a connection have to each other. */
async function connect(ends: readonly Seat[]): Promise<void> {
  const peers = [new RTCPeerConnection(), new RTCPeerConnection()] as const;
  peers[0].onicecandidate = ({ candidate }) => void peers[1].addIceCandidate(candidate ?? undefined);
  peers[1].onicecandidate = ({ candidate }) => void peers[0].addIceCandidate(candidate ?? undefined);
  const channels = peers.map((peer) => peer.createDataChannel('edits', { negotiated: true, id: 1 }));
  await peers[0].setLocalDescription(await peers[0].createOffer());
  await peers[1].setRemoteDescription(peers[0].localDescription!);
  await peers[1].setLocalDescription(await peers[1].createAnswer());
  await peers[0].setRemoteDescription(peers[1].localDescription!);
  const clients = await Promise.all(ends.map(({ client }) => client));
  for (const [i, channel] of channels.entries()) {
    channel.binaryType = 'arraybuffer';
    const other = clients[1 - i]!;
    const ways: PeerChannels = {
      peers: () => new Set(channel.readyState === 'open' ? [other] : []),
      send: (_channel, bytes) => channel.send(bytes),
      onMessage: (listener) => {
        const hear = ({ data }: MessageEvent<ArrayBuffer>) => listener(other, 'edits', new Uint8Array(data));
        channel.addEventListener('message', hear);
        return () => channel.removeEventListener('message', hear);
      },
    };
    if (channel.readyState !== 'open') await new Promise((open) => channel.addEventListener('open', open));
    ends[i]!.source.setPeers(ways);
  }
  document.body.dataset.connected = '';
}

/** The room under the name of a person: two models of Monaco must not have the same address. */
function roomOf({ name, source }: Seat): RoomReading {
  const views = new WeakMap<LiveView, LiveView>();
  const view = () => {
    const now = source.view();
    const known = views.get(now) ?? { ...now, id: roomId(name) };
    views.set(now, known);
    return known;
  };
  return { view, subscribe: source.subscribe, document: source.document, placeOf: source.placeOf };
}

function Side(seat: Seat) {
  const { name, source } = seat;
  const { save } = useSyncExternalStore(source.subscribe, source.view);
  const [room] = useState(() => roomOf(seat));
  return (
    <section aria-label={name} data-save={save.kind} style={{ height: '45vh' }}>
      <Editor room={room} writing={source} file={FILE} {...PLAIN_EDITOR} />
    </section>
  );
}

function Both({ seats }: { seats: readonly Seat[] }) {
  useAppliedTheme();
  return seats.map((seat) => <Side key={seat.name} {...seat} />);
}

const seats = NAMES.map(sit);
createRoot(document.getElementById('root')!).render(<Both seats={seats} />);
await connect(seats);
Object.assign(globalThis, {
  peers: {
    /** The text of a person's screen, and of the room. */
    texts: () => [...seats.map(({ source }) => source.document(FILE)?.text() ?? ''), server.text()],
    kept: () => seats.map(({ source }) => source.text(FILE)),
  },
});

// A room without a server, in the state that ?scene= names. `&probe` puts one more feature into it; `&read` shows it
// to somebody who can only read.
import '../../src/styles/app.css';
import { createRoot } from 'react-dom/client';
import { FEATURES } from '../../src/app/features.ts';
import { RoomScreen } from '../../src/app/RoomScreen.tsx';
import { useAppliedTheme } from '../../src/desk/theme.ts';
import type { RoomReading } from '../../src/room-source/types.ts';
import { tellShortened } from '../../src/ui/shortened.ts';
import { probe } from './probe.tsx';
import { ReadOnlyRoom } from './ReadOnlyRoom.tsx';
import { SCENES } from './scenes.ts';

const asked = new URLSearchParams(location.search);
const source = SCENES[asked.get('scene') ?? 'three']!();
const features = asked.has('probe') ? [...FEATURES, probe] : FEATURES;
/** The room without everything that is done in it. */
const reading: RoomReading = {
  view: source.view,
  subscribe: source.subscribe,
  document: (file) => {
    const written = source.document(file);
    if (written === null) return null;
    const { edit: _, undo: __, redo: ___, ...read } = written;
    return read;
  },
  placeOf: source.placeOf,
};

const LINKS = { links: { editor: 'Zk3v9QmT4xLrP0bY7wNa', viewer: 'u8Hc2sVdE6gJfR1oKq5M' } };
globalThis.fetch = async () => Response.json(LINKS);

function Scene() {
  useAppliedTheme();
  return asked.has('read') ? (
    <ReadOnlyRoom room={reading} />
  ) : (
    <RoomScreen source={source} features={features} />
  );
}

tellShortened(document);
createRoot(document.getElementById('root')!).render(<Scene />);

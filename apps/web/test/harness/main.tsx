import '../../src/styles/app.css';
import { createRoot } from 'react-dom/client';
import { RoomScreen } from '../../src/app/room/RoomScreen.tsx';
import { useAppliedTheme } from '../../src/features/settings/theme.ts';
import { tellShortened } from '../../src/ui/shortened.ts';
import { SCENES } from './scenes.ts';

const name = new URLSearchParams(location.search).get('scene') ?? 'three';
const source = SCENES[name]!();

const LINKS = { links: { editor: 'Zk3v9QmT4xLrP0bY7wNa', viewer: 'u8Hc2sVdE6gJfR1oKq5M' } };
globalThis.fetch = async () => Response.json(LINKS);

function Scene() {
  useAppliedTheme();
  return <RoomScreen source={source} />;
}

tellShortened(document);
createRoot(document.getElementById('root')!).render(<Scene />);

import '../../src/styles/app.css';
import { createRoot } from 'react-dom/client';
import type { EditorProps } from '../../src/app/room/editor-props.ts';
import { RoomScreen } from '../../src/app/room/RoomScreen.tsx';
import { useAppliedTheme } from '../../src/features/settings/theme.ts';
import { SCENES } from './scenes.ts';

const name = new URLSearchParams(location.search).get('scene') ?? 'three';
const source = SCENES[name]!();

const LINKS = { links: { editor: 'Zk3v9QmT4xLrP0bY7wNa', viewer: 'u8Hc2sVdE6gJfR1oKq5M' } };
globalThis.fetch = async () => Response.json(LINKS);

function PlainEditor({ source: room, file, readOnly, fontSize }: EditorProps) {
  const text = room.document(file)?.text() ?? '';
  return (
    <textarea
      key={file}
      aria-label="Code editor"
      readOnly={readOnly}
      defaultValue={text}
      className="size-full resize-none bg-surface-0 p-3 font-mono outline-none"
      style={{ fontSize }}
    />
  );
}

function Scene() {
  useAppliedTheme();
  return <RoomScreen source={source} Editor={PlainEditor} />;
}

createRoot(document.getElementById('root')!).render(<Scene />);

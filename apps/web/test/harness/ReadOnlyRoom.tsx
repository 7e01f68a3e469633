import { useState } from 'react';
import { ReadingProvider, useRoom } from '../../src/desk/room.tsx';
import Editor from '../../src/editor/Editor.tsx';
import { FileTree } from '../../src/features/files/FileTree.tsx';
import { RunOutput } from '../../src/features/runs/RunOutput.tsx';
import type { RoomReading } from '../../src/room-source/types.ts';
import { PLAIN_EDITOR } from './plain-editor.ts';

/** What of the page shows a room, fed by something that can only be read. */
export function ReadOnlyRoom({ room }: { room: RoomReading }) {
  return (
    <ReadingProvider room={room}>
      <Shown room={room} />
    </ReadingProvider>
  );
}

function Shown({ room }: { room: RoomReading }) {
  const files = useRoom((view) => view.room.files);
  const run = useRoom((view) => [...view.room.runs.values()].at(-1));
  const [file, setFile] = useState(() => [...files.keys()][0]!);
  return (
    <div className="flex h-dvh flex-col">
      <div>
        <FileTree active={file} onOpen={setFile} acts={null} />
      </div>
      <section aria-label="Code" className="min-h-0 flex-1">
        <Editor room={room} writing={null} file={file} {...PLAIN_EDITOR} />
      </section>
      <section aria-label="Output" className="flex min-h-0 flex-1 flex-col">
        {run !== undefined && (
          <RunOutput
            run={run}
            by="Grace"
            nameOf={() => 'Grace'}
            online
            from={0}
            wrap
            fontSize={14}
            onFollow={() => {}}
          />
        )}
      </section>
    </div>
  );
}

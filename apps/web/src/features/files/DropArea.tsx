import { useEffect, useState } from 'react';
import type { Desk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { folderOf } from './tree.ts';
import { uploadDropped } from './uploads.ts';

type Box = Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>;

/**
 * Takes files of this computer that are dropped on the code, into the folder of the file that is seen. Anywhere else on
 * the page a drop does nothing: the browser would leave the room and show the file.
 */
export function DropArea() {
  const desk = useDesk();
  const [over, setOver] = useState<Box | null>(null);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      const code = codeBelow(event, desk);
      setOver(code?.getBoundingClientRect() ?? null);
      // The list of files takes what it can by itself.
      if (event.defaultPrevented && code === null) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = code === null ? 'none' : 'copy';
    };
    const onDrop = (event: DragEvent) => {
      setOver(null);
      if (!hasFiles(event)) return;
      const code = codeBelow(event, desk);
      event.preventDefault();
      if (code === null) return;
      // How far it is stands there.
      desk.show('files');
      void uploadDropped(desk, event.dataTransfer!, folderSeen(desk));
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(null);
    };
    addEventListener('dragover', onOver);
    addEventListener('drop', onDrop);
    addEventListener('dragleave', onLeave);
    return () => {
      removeEventListener('dragover', onOver);
      removeEventListener('drop', onDrop);
      removeEventListener('dragleave', onLeave);
    };
  }, [desk]);

  if (over === null) return null;
  const { left, top, width, height } = over;
  const folder = folderSeen(desk);
  return (
    <div
      data-layer="over"
      style={{ left, top, width, height }}
      className="pointer-events-none fixed z-30 flex animate-fade items-center justify-center border-2 border-accent border-dashed bg-accent-soft/80"
    >
      <p className="rounded-md bg-surface-0 px-3 py-1.5 font-medium text-ink-1 shadow-float">
        {folder === '' ? 'Drop to upload into the room' : `Drop to upload into ${folder}`}
      </p>
    </div>
  );
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}

/** The code, where it is below the pointer and this person may bring files; else null. */
function codeBelow({ target }: DragEvent, desk: Desk): Element | null {
  return desk.may('edit') && target instanceof Element ? target.closest('[data-place="code"]') : null;
}

function folderSeen(desk: Desk): string {
  const active = desk.active();
  const path = active === null ? undefined : desk.view().room.files.get(active)?.path;
  return path === undefined ? '' : folderOf(path).slice(0, -1);
}

import { DeleteDialog } from './DeleteDialog.tsx';
import { DropArea } from './DropArea.tsx';

/** What of the files is there for as long as the room is open. */
export function FilesBackground() {
  return (
    <>
      <DeleteDialog />
      <DropArea />
    </>
  );
}

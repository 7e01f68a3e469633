// Brings files and folders of this computer into the room, one after the other, and tells how far it is.
import { createStore, useStore } from 'zustand';
import { type Desk, perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { createFolder, createWithText, freePath } from './acts.ts';
import { droppedFiles, type Incoming, placeIn, readText } from './incoming.ts';

type Upload = {
  readonly done: number;
  readonly total: number;
  /** Whether more is to come. */
  readonly going: boolean;
  /** Sentences on what was not taken. */
  readonly left: readonly string[];
};

type Uploads = { readonly upload: Upload | null };

const uploadsOf = perDesk(() => createStore<Uploads>(() => ({ upload: null })));

/** The upload under way, or the last one while there is something to say about it. */
export function useUpload(): Upload | null {
  return useStore(uploadsOf(useDesk()), ({ upload }) => upload);
}

/** Stops the upload under way. What has come stays. Without one, forgets what the last one said. */
export function stopUpload(desk: Desk): void {
  uploadsOf(desk).setState(({ upload }) => ({
    upload: upload?.going === true ? { ...upload, going: false } : null,
  }));
}

/** Lets a person choose files, which then come into `folder`. */
export function chooseFiles(desk: Desk, folder: string): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.onchange = () => {
    const files = [...(input.files ?? [])].map((file) => ({ path: file.name, file }));
    void upload(desk, files, [], folder);
  };
  input.click();
}

/** Brings what was dropped into `folder`: files, and folders with all that lies in them. */
export async function uploadDropped(desk: Desk, data: DataTransfer, folder: string): Promise<void> {
  const dropped = droppedFiles(data);
  try {
    const { files, folders } = await dropped;
    await upload(desk, files, folders, folder);
  } catch {
    desk.report(
      'The browser could not read what was dropped. Drop it again, or choose the files by “Upload files”.',
    );
  }
}

async function upload(
  desk: Desk,
  files: readonly Incoming[],
  folders: readonly string[],
  into: string,
): Promise<void> {
  const store = uploadsOf(desk);
  if (store.getState().upload?.going === true) {
    desk.report('An upload is under way. Wait for its end, or stop it.');
    return;
  }
  const total = files.length + folders.length;
  if (total === 0) return;
  store.setState({ upload: { done: 0, total, going: true, left: [] } });
  const isStopped = () => store.getState().upload?.going !== true;
  const step = (problem: string | null) =>
    store.setState(({ upload: now }) =>
      now === null
        ? {}
        : {
            upload: {
              ...now,
              done: now.done + 1,
              left: problem === null ? now.left : [...now.left, problem],
            },
          },
    );
  for (const { path, file } of files) {
    if (isStopped()) break;
    step(await bringIn(desk, path, file, into));
  }
  for (const path of folders) {
    if (isStopped()) break;
    const place = placeIn(into, path);
    step(place.problem ?? (await createFolder(desk, place.path)));
  }
  store.setState(({ upload: now }) => ({
    upload: now === null || now.left.length === 0 ? null : { ...now, going: false },
  }));
}

/** Resolves to what was wrong with a file, or null. */
async function bringIn(desk: Desk, path: string, file: File, into: string): Promise<string | null> {
  const place = placeIn(into, path);
  if (place.problem !== null) return `${path}: ${place.problem}`;
  const read = await readText(file);
  if (!read.ok) return `${path} ${read.why}.`;
  const refused = await createWithText(desk, freePath(desk, place.path), read.text);
  return refused === null ? null : `${path}: ${refused}`;
}

// Brings files and folders of this computer into the room, one after the other, and tells how far it is.
import { createStore, useStore } from 'zustand';
import { type Desk, perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import { createFolder } from './acts.ts';
import { bringIn } from './bring-in.ts';
import { droppedFiles, type Incoming, placeIn } from './incoming.ts';
import { untilOnline } from './until-online.ts';

type Upload = {
  /** Files and empty folders. */
  readonly done: number;
  readonly total: number;
  /** Bytes of the files that have arrived, and of all files. */
  readonly sent: number;
  readonly bytes: number;
  /** Whether more is to come. */
  readonly going: boolean;
  /** Sentences on what was not taken. */
  readonly left: readonly string[];
};

/** `stop` ends the upload that was begun last. */
type Uploads = { readonly upload: Upload | null; readonly stop: AbortController };

const uploadsOf = perDesk(() => createStore<Uploads>(() => ({ upload: null, stop: new AbortController() })));

/** The upload under way, or the last one while there is something to say about it. */
export function useUpload(): Upload | null {
  return useStore(uploadsOf(useDesk()), ({ upload }) => upload);
}

/** Stops the upload under way. What has come stays. Without one, forgets what the last one said. */
export function stopUpload(desk: Desk): void {
  const { upload, stop } = uploadsOf(desk).getState();
  if (upload?.going === true) stop.abort();
  else uploadsOf(desk).setState({ upload: null });
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
  const stop = new AbortController();
  const { signal } = stop;
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const begun: Upload = { done: 0, total, sent: 0, bytes, going: true, left: [] };
  store.setState({ upload: begun, stop });
  const change = (how: (now: Upload) => Partial<Upload>) =>
    store.setState(({ upload: now }) => ({ upload: now === null ? null : { ...now, ...how(now) } }));
  const step = (problem: string | null) =>
    change(({ done, left }) => ({ done: done + 1, left: problem === null ? left : [...left, problem] }));
  try {
    let before = 0;
    for (const incoming of files) {
      const arrived = (some: number) => change(() => ({ sent: before + some }));
      step(await bringIn(desk, incoming, into, { signal, arrived }));
      before += incoming.file.size;
      arrived(0);
    }
    for (const path of folders) {
      await untilOnline(desk, signal);
      const place = placeIn(into, path);
      step(place.problem ?? (await createFolder(desk, place.path)));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    store.setState(({ upload: now }) => ({
      upload: now === null || now.left.length === 0 ? null : { ...now, going: false },
    }));
  }
}

// Brings one file of this computer into the room: as text, or as it is.
import { type BlobRef, LIMITS, REFUSALS } from '@codesync/protocol';
import { blobBytes, type FileEntry } from '@codesync/room';
import { hashOf } from '../../blobs/hash.ts';
import type { Desk } from '../../desk/desk.ts';
import { createWithBlob, createWithText, freePath, replaceBlob } from './acts.ts';
import { contentOf, type Incoming, placeIn } from './incoming.ts';
import { untilOnline } from './until-online.ts';

type Bringing = {
  readonly signal: AbortSignal;
  /** Told of how many bytes of the file have arrived. */
  readonly arrived: (bytes: number) => void;
};

/** Resolves to what was wrong with a file, in words that name it, or to null. Rejects when it is stopped. */
export async function bringIn(
  desk: Desk,
  { path, file }: Incoming,
  into: string,
  bringing: Bringing,
): Promise<string | null> {
  const place = placeIn(into, path);
  if (place.problem !== null) return `${path}: ${place.problem}`;
  try {
    const content = await contentOf(file);
    const refused =
      content.kind === 'bytes'
        ? await bringBlob(desk, place.path, file, bringing)
        : await bringText(desk, place.path, content.text, bringing);
    return refused === null ? null : `${path}: ${refused}`;
  } catch {
    bringing.signal.throwIfAborted();
    return `${path} could not be read. It may have changed on this computer.`;
  }
}

async function bringText(desk: Desk, path: string, text: string, { signal }: Bringing) {
  await untilOnline(desk, signal);
  return createWithText(desk, freePath(desk, path), text);
}

/** In the place of a file that is no text either, if there is one at that path. */
async function bringBlob(desk: Desk, path: string, file: File, bringing: Bringing): Promise<string | null> {
  const { signal } = bringing;
  const { files } = desk.view().room;
  const there = blobAt(desk, path);
  if (blobBytes(files) - (there?.blob.bytes ?? 0) + file.size > LIMITS.roomBytes)
    return REFUSALS['room.tooLarge'];
  const ref = { hash: await hashOf(file, signal), bytes: file.size };
  const refused = await desk.blobs.send(ref, file, bringing);
  if (refused !== null) return refused.message;
  await untilOnline(desk, signal);
  // Meanwhile it may have been made, moved or deleted.
  const now = blobAt(desk, path);
  if (now === null) return createWithBlob(desk, freePath(desk, path), ref.hash);
  return now.blob.hash === ref.hash ? null : replaceBlob(desk, now.id, ref.hash);
}

/** The file at a path, if it is no text. */
function blobAt(desk: Desk, path: string): (FileEntry & { readonly blob: BlobRef }) | null {
  for (const file of desk.view().room.files.values()) {
    const { blob } = file;
    if (file.path === path && blob !== null) return { ...file, blob };
  }
  return null;
}

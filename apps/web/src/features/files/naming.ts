// Which file's name is being typed, and which file is about to be deleted.
import type { FileId } from '@codesync/protocol';
import type { FileEntry } from '@codesync/room';
import { createStore, useStore } from 'zustand';
import { perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';

/** A name being typed: of a new file, or the new one of a file. */
export type Naming =
  | { readonly kind: 'new'; readonly folder: string }
  | { readonly kind: 'rename'; readonly file: FileId };

type Asked = { readonly naming: Naming | null; readonly deleting: FileEntry | null };

/** What this person is asked about files. */
export const askedOfFiles = perDesk(() => createStore<Asked>(() => ({ naming: null, deleting: null })));

export function useAskedOfFiles<T>(select: (asked: Asked) => T): T {
  return useStore(askedOfFiles(useDesk()), select);
}

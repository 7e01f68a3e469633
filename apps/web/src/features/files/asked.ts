// What is being asked and held in the list of files: a name, a deletion, a menu, what was cut.
import { createStore, useStore } from 'zustand';
import { perDesk } from '../../desk/desk.ts';
import { useDesk } from '../../desk/hooks.tsx';
import type { TreeEntry } from './tree.ts';

/** A name being typed: of something new in a folder, or the new one of something. `id`: of this question alone. */
export type Naming =
  | {
      readonly kind: 'new';
      readonly id: string;
      readonly what: TreeEntry['kind'];
      readonly folder: string;
    }
  | { readonly kind: 'rename'; readonly entry: TreeEntry };

type Asked = {
  readonly naming: Naming | null;
  /** About to be deleted; empty: nothing is. */
  readonly deleting: readonly TreeEntry[];
  /** Held to be put somewhere else. */
  readonly held: { readonly how: 'move' | 'copy'; readonly entries: readonly TreeEntry[] } | null;
};

/** What this person is asked about files. */
export const askedOfFiles = perDesk(() =>
  createStore<Asked>(() => ({ naming: null, deleting: [], held: null })),
);

export function useAskedOfFiles<T>(select: (asked: Asked) => T): T {
  return useStore(askedOfFiles(useDesk()), select);
}

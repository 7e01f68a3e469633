// Where this person's cursor is. It moves with every key: only the words that tell it are drawn anew for it.
import { createStore, type StoreApi } from 'zustand';

type CursorPlace = { readonly line: number; readonly column: number; readonly selected: number };

export type PlaceStore = StoreApi<{ readonly place: CursorPlace | null }>;

export function createPlaceStore(): PlaceStore {
  return createStore(() => ({ place: null }));
}

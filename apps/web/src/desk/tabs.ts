// Which files are open, and which of them is seen. Pure: each function returns the next state.
import type { FileId } from '@codesync/protocol';

/** `preview`: the open file that gives its place to the next one that is only looked at; null: all are kept. */
export type Tabs = {
  readonly open: readonly FileId[];
  readonly active: FileId | null;
  readonly preview: FileId | null;
};

export const NO_TABS: Tabs = { open: [], active: null, preview: null };

/** Opens a file beside the active one, or goes to it when it is open. It is kept. */
export function openTab(tabs: Tabs, file: FileId): Tabs {
  return keepTab(goToTab(tabs, file), file);
}

/** Opens a file to look at it, in the place of the one that was looked at before; or goes to it when it is open. */
export function previewTab(tabs: Tabs, file: FileId): Tabs {
  if (tabs.open.includes(file)) return goToTab(tabs, file);
  const opened = goToTab(tabs, file);
  return { ...(tabs.preview === null ? opened : closeTab(opened, tabs.preview)), preview: file };
}

/** Goes to a file as it is open, or opens it beside the active one. */
export function goToTab(tabs: Tabs, file: FileId): Tabs {
  if (tabs.open.includes(file)) return tabs.active === file ? tabs : { ...tabs, active: file };
  const at = tabs.active === null ? tabs.open.length : tabs.open.indexOf(tabs.active) + 1;
  return { ...tabs, open: tabs.open.toSpliced(at, 0, file), active: file };
}

/** The file keeps its place from now on. */
export function keepTab(tabs: Tabs, file: FileId): Tabs {
  return tabs.preview === file ? { ...tabs, preview: null } : tabs;
}

/** Opens a file behind the others; it is seen only where nothing else is. */
export function addTab(tabs: Tabs, file: FileId): Tabs {
  if (tabs.open.includes(file)) return tabs;
  return { ...tabs, open: [...tabs.open, file], active: tabs.active ?? file };
}

/** Closes a tab; its right neighbour is seen next, else its left one. */
export function closeTab(tabs: Tabs, file: FileId): Tabs {
  const at = tabs.open.indexOf(file);
  if (at === -1) return tabs;
  const open = tabs.open.toSpliced(at, 1);
  return {
    open,
    active: tabs.active === file ? (open[at] ?? open[at - 1] ?? null) : tabs.active,
    preview: tabs.preview === file ? null : tabs.preview,
  };
}

/** Closes all tabs but one, which is seen. */
export function closeOthers(tabs: Tabs, file: FileId): Tabs {
  return goToTab(tabs.open.filter((other) => other !== file).reduce(closeTab, tabs), file);
}

/** Without the files that the room no longer has; the same object when all are there. */
export function keepTabs(tabs: Tabs, exists: (file: FileId) => boolean): Tabs {
  return tabs.open.filter((file) => !exists(file)).reduce(closeTab, tabs);
}

/** The tab `step` places to the right of the active one, round the end. */
export function neighbourTab(tabs: Tabs, step: number): FileId | null {
  if (tabs.active === null || tabs.open.length === 0) return tabs.open[0] ?? null;
  const count = tabs.open.length;
  return tabs.open[(((tabs.open.indexOf(tabs.active) + step) % count) + count) % count]!;
}

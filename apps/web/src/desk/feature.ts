// What a feature declares of itself. The page shows what is declared, and knows no feature by name.
import type { FileEntry } from '@codesync/room';
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Command } from './command.ts';
import type { Desk } from './desk.ts';
import type { PanelPlace } from './panels.ts';

/** `onClose`: gives the panel a button that closes it; a phone's panes have none. */
export type PanelProps = { readonly onClose?: () => void };

/** A panel around the code; on a phone, a pane of its own. It has a command and keys that open and close it. */
export type Panel = PanelPlace & {
  /** What it is called, with a capital. */
  readonly title: string;
  readonly Content: ComponentType<PanelProps>;
  /** Keys that open and close it, as `shortcuts.ts` reads them. */
  readonly keys?: readonly string[];
  /** Its place among the panels of its side, and among the commands of “View”; low first. */
  readonly order: number;
  /** Its size when it is opened for the first time, and the bounds: pixels, or a share of the whole. */
  readonly size: {
    readonly start: number | string;
    readonly least: number;
    readonly most?: number | string;
  };
  readonly phone: {
    readonly icon: LucideIcon;
    /** Its place in the bar, low first. */
    readonly order: number;
    /** Follows the title. */
    readonly Count?: ComponentType;
    /** Lies over the icon. */
    readonly Mark?: ComponentType;
  };
};

/** A component in a place where others stand too, in the order of `order`, low first. */
export type Placed<Place extends string> = {
  readonly place: Place;
  readonly order: number;
  readonly Content: ComponentType;
};

/** What shows files in the place of the editor, where `shows` says so. */
export type FileView = {
  readonly shows: (file: FileEntry) => boolean;
  readonly Content: ComponentType<{ readonly file: FileEntry }>;
};

/**
 * Where in the header: `title` and `state` at its start, `run` in the very middle, `run-state` after it. What is at
 * the `end` a phone has no room for.
 */
export type HeaderPlace = 'title' | 'state' | 'run' | 'run-state' | 'end';

export type DialogProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/**
 * Where something is said that stays while it is so. `strip`: above the code. `frame`: over the edge of the code. `people`:
 * above the list of people. `foot`: below everything.
 */
export type NotePlace = 'strip' | 'frame' | 'people' | 'foot';

/** What can lie over the room, one at a time. `desk.openDialog` opens it by its id. */
export type DialogSpec = { readonly id: string; readonly Content: ComponentType<DialogProps> };

/**
 * A part of what can be done in a room. Each component takes what it needs from the hooks of `desk/`; it shows nothing
 * where it has nothing to show.
 */
export type Feature = {
  readonly panels?: readonly Panel[];
  /** The first that shows a file is the one that does. */
  readonly views?: readonly FileView[];
  readonly header?: readonly Placed<HeaderPlace>[];
  /** Facts in the line at the foot of the page; a phone has none. */
  readonly status?: readonly Placed<'start' | 'end'>[];
  /** What can be done, as things stand when it is asked for. */
  readonly commands?: (desk: Desk) => readonly Command[];
  readonly dialogs?: readonly DialogSpec[];
  readonly notes?: readonly Placed<NotePlace>[];
  /** Works for as long as the room is open, and shows nothing, or what lies over the room by itself. */
  readonly Background?: ComponentType;
};

// One person's screen of a room: what is open on it, and how that changes.
import {
  type ChatPlace,
  type CommandKind,
  type FileId,
  type FileLanguage,
  may,
  type ParticipantId,
  type RefusalCode,
  refusal,
  type TerminalId,
} from '@codesync/protocol';
import type { RoomState } from '@codesync/room';
import { createStore, type StoreApi } from 'zustand';
import { Blobs } from '../blobs/blobs.ts';
import type { EditorHandle } from '../editor/Editor.tsx';
import type { FailurePlace } from '../editor/failures.ts';
import type { MarginPress, RangeMark } from '../editor/range-marks.ts';
import { isKept } from '../room-source/kept-commands.ts';
import { isStill, type Now } from '../room-source/still.ts';
import type { LiveView, RoomSource } from '../room-source/types.ts';
import type { Tone } from '../ui/Notice.tsx';
import { Announcer } from './announcer.ts';
import { createPlaceStore, type PlaceStore } from './cursor-place.ts';
import { type Along, EditorReach, type Spot } from './editor-reach.ts';
import { recallTabs, rememberTabs, TabKeeper } from './open-files.ts';
import { ONE_SIDE, type PanelPlace, seenPanels, usePanels } from './panels.ts';
import { addProblem, keepProblems, type Problem } from './problems.ts';
import { onMac } from './shortcuts.ts';
import {
  closeOthers,
  closeTab,
  goToTab,
  keepTab,
  NO_TABS,
  neighbourTab,
  openTab,
  previewTab,
  type Tabs,
} from './tabs.ts';

/** A screen this narrow shows one thing at a time. */
export const PHONE = '(width < 720px)';

/** Where one taps, nobody clicks twice. */
const TOUCH = '(hover: none)';

const NEEDS_SERVER = 'The server cannot be reached just now. Try again when the connection is back.';

/** An answer to something that was just pressed. While `stays` it is not taken away. */
export type Answer = { readonly tone: Tone; readonly text: string; readonly stays: boolean };

/** What an answer says, by the room as it is at the moment. */
export type Said = (view: LiveView) => Answer;

/** Something to be talked about: `code` in a language, null where it has none, and where it stands if it stands in a file. */
export type Quote = {
  readonly code: string;
  readonly language: FileLanguage | null;
  readonly place: ChatPlace | null;
};

export type DeskState = {
  /** The open files. */
  readonly tabs: Tabs;
  /** What a phone shows: `code`, or the id of a panel. */
  readonly pane: string;
  /** The id of the dialog that lies over the room. */
  readonly dialog: string | null;
  /** Refusals that belong to no single control. Each stays until it is dismissed or no longer so. */
  readonly problems: readonly Problem[];
  readonly said: { readonly answer: Said } | null;
  /** The lines that the editor marks. */
  readonly marks: readonly FailurePlace[];
  /** The ranges that the editor marks, and shows beside the code. */
  readonly ranges: readonly RangeMark[];
  /** How often this person typed where they may not. */
  readonly tries: number;
};

const NOTHING_OPEN: DeskState = {
  tabs: NO_TABS,
  pane: 'code',
  dialog: null,
  problems: [],
  said: null,
  marks: [],
  ranges: [],
  tries: 0,
};

export class Desk {
  readonly source: RoomSource;
  readonly panels: readonly PanelPlace[];
  readonly leave: () => void;
  /** The content of the room's files that are no text. */
  readonly blobs: Blobs;
  readonly state: StoreApi<DeskState> = createStore(() => NOTHING_OPEN);
  /** Apart from the rest, since it moves with every key. */
  readonly place: PlaceStore = createPlaceStore();
  readonly announcer = new Announcer();
  readonly editor = new EditorReach();
  readonly mac = onMac();
  readonly #keeper = new TabKeeper();
  readonly #onSave = new Set<() => void>();
  readonly #onMargin = new Set<(press: MarginPress) => void>();
  readonly #onQuote = new Set<(quote: Quote) => void>();
  readonly #onTerminal = new Set<(terminal: TerminalId) => void>();
  /** False until it is known which files were open. */
  #begun = false;

  /** @param leave goes to the start page. */
  constructor(source: RoomSource, panels: readonly PanelPlace[], leave: () => void) {
    this.source = source;
    this.panels = panels;
    this.leave = leave;
    this.blobs = new Blobs(source.view().id);
    const tabs = recallTabs(source.view().id);
    if (tabs === null) return;
    this.#begun = true;
    this.state.setState({ tabs });
  }

  // ---- the room, at this moment ---------------------------------------------------------------------------

  view = (): LiveView => this.source.view();

  you = (): ParticipantId | null => this.view().you?.id ?? null;

  may(kind: CommandKind): boolean {
    const { you } = this.view();
    return you !== null && may(you.role, kind);
  }

  /**
   * Gives a command. Edits and what is said in the chat wait for the connection by themselves. Anything else is refused
   * at once when there is no connection, so that nothing comes as a surprise later.
   */
  command: RoomSource['command'] = async (body) =>
    this.view().connection.kind === 'online' || isKept(body)
      ? this.source.command(body)
      : { ok: false, error: refusal('room.unavailable', NEEDS_SERVER) };

  /** Gives a command; a refusal is told at the foot of the page. */
  async send(body: Parameters<RoomSource['command']>[0]): Promise<void> {
    const result = await this.command(body);
    if (!result.ok) this.report(result.error.message, result.error.code);
  }

  // ---- files ----------------------------------------------------------------------------------------------

  /** The file that is seen, if any is. */
  active = (): FileId | null => this.state.getState().tabs.active;

  /** Opens a file, and keeps it open. */
  openFile = (file: FileId): void => {
    this.showFile(file);
    this.#enter(file);
  };

  /** Opens a file until the next one is previewed. A tap opens it for good. */
  previewFile = (file: FileId): void => {
    if (matchMedia(TOUCH).matches) this.openFile(file);
    else {
      this.glance(file);
      this.#enter(file);
    }
  };

  /** Goes to an open file as it is. */
  goToFile = (file: FileId): void => {
    this.walkTo(file);
    this.#enter(file);
  };

  #enter(file: FileId): void {
    // On a phone the focus brings the keyboard over what one came to read.
    if (!this.phone()) this.editor.enter(file);
  }

  /** Opens a file for good and leaves the focus where it is. */
  showFile = (file: FileId): void => {
    this.#setTabs(openTab(this.state.getState().tabs, file));
    this.state.setState({ pane: 'code' });
  };

  /** Previews a file and leaves the focus where it is. */
  glance = (file: FileId): void => {
    this.#setTabs(previewTab(this.state.getState().tabs, file));
    this.state.setState({ pane: 'code' });
  };

  /** Previews the file that somebody else looks at, where they look at it. Focus, cursor and pane stay as they are. */
  goAlong(file: FileId, sight: Along): void {
    if (this.active() !== file) this.#setTabs(previewTab(this.state.getState().tabs, file));
    // While a file that is no text is seen, the editor keeps its place in another one.
    if (this.view().room.files.get(file)?.blob === null) this.editor.goAlong(file, sight);
  }

  /** The preview of a file becomes a tab that stays. */
  keepOpen = (file: FileId): void => this.#setTabs(keepTab(this.state.getState().tabs, file));

  /** Goes to a place in a file. */
  reveal(file: FileId, spot: Spot): void {
    this.showFile(file);
    this.editor.reveal(file, spot);
  }

  /** Goes to a place in a file that is only previewed. */
  preview(file: FileId, spot: Spot): void {
    this.glance(file);
    if (matchMedia(TOUCH).matches) this.keepOpen(file);
    this.editor.reveal(file, spot);
  }

  /** Shows a file among those that are open, whatever else a phone shows. */
  walkTo = (file: FileId): void => this.#setTabs(goToTab(this.state.getState().tabs, file));

  closeTab = (file: FileId): void => this.#setTabs(closeTab(this.state.getState().tabs, file));

  closeOthers = (file: FileId): void => this.#setTabs(closeOthers(this.state.getState().tabs, file));

  stepTabs(by: number): void {
    const next = neighbourTab(this.state.getState().tabs, by);
    if (next !== null) this.walkTo(next);
  }

  /** Takes in which files the room has, as `TabKeeper` does. */
  keepTabs(room: RoomState, online: boolean): void {
    const tabs = this.#keeper.keep(this.#begun ? this.state.getState().tabs : null, room, online);
    if (tabs !== null) this.#setTabs(tabs);
  }

  #setTabs(tabs: Tabs): void {
    if (this.#begun && tabs === this.state.getState().tabs) return;
    this.#begun = true;
    this.state.setState({ tabs });
    rememberTabs(this.view().id, tabs);
  }

  // ---- the editor -----------------------------------------------------------------------------------------

  /** The editor is there: who may edit begins to type. */
  arrive = (handle: EditorHandle): void => {
    this.editor.ready(handle);
    this.beginToType();
  };

  /** Gives the editor the focus where nothing has it. */
  beginToType = (): void => {
    if (this.may('edit') && !this.phone() && document.activeElement === document.body) this.editor.focus();
  };

  focusHome = (): void => {
    if (this.phone()) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    } else if (this.active() !== null) this.editor.focus();
    // Nothing is open: the list of files is where to go on.
    else document.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
  };

  typedInVain = (): void => this.state.setState(({ tries }) => ({ tries: tries + 1 }));

  mark(places: readonly FailurePlace[]): void {
    this.state.setState({ marks: places });
  }

  markRanges(ranges: readonly RangeMark[]): void {
    this.state.setState({ ranges });
  }

  /** Calls `act` when this person presses beside the code. Returns the way to stop it. */
  onMargin(act: (press: MarginPress) => void): () => void {
    this.#onMargin.add(act);
    return () => this.#onMargin.delete(act);
  }

  pressMargin = (press: MarginPress): void => {
    for (const act of this.#onMargin) act(press);
  };

  // ---- saving ---------------------------------------------------------------------------------------------

  /** Calls `act` when this person presses what saves elsewhere. Returns the way to stop it. */
  onSave(act: () => void): () => void {
    this.#onSave.add(act);
    return () => this.#onSave.delete(act);
  }

  /** Everything is saved as it is typed. Whatever else belongs to it is done now. */
  save(): void {
    for (const act of this.#onSave) act();
  }

  // ---- the chat -------------------------------------------------------------------------------------------

  /** Calls `act` with what this person wants to say something of. Returns the way to stop it. */
  onQuote(act: (quote: Quote) => void): () => void {
    this.#onQuote.add(act);
    return () => this.#onQuote.delete(act);
  }

  /** Takes something into the chat, to be sent from there. */
  quote(quote: Quote): void {
    for (const act of this.#onQuote) act(quote);
  }

  // ---- terminals ------------------------------------------------------------------------------------------

  /** Calls `act` with the terminal that is to be seen. Returns the way to stop it. */
  onTerminal(act: (terminal: TerminalId) => void): () => void {
    this.#onTerminal.add(act);
    return () => this.#onTerminal.delete(act);
  }

  /** Shows a terminal below the code. A phone stays in its pane. */
  showTerminal(terminal: TerminalId): void {
    this.setPanel('terminal', true);
    for (const act of this.#onTerminal) act(terminal);
  }

  // ---- panels and dialogs ---------------------------------------------------------------------------------

  phone = (): boolean => matchMedia(PHONE).matches;

  setPane = (pane: string): void => this.state.setState({ pane });

  /** Brings a panel into view. */
  show = (panel: string): void => {
    this.setPanel(panel, true);
    this.setPane(panel);
  };

  toggle(panel: string): void {
    if (this.phone()) this.setPane(this.state.getState().pane === panel ? 'code' : panel);
    else {
      const seen = seenPanels(this.panels, usePanels.getState(), matchMedia(ONE_SIDE).matches);
      this.setPanel(panel, !seen.has(panel));
    }
  }

  setPanel = (panel: string, open: boolean): void => {
    const place = this.panels.find(({ id }) => id === panel);
    if (place === undefined) throw new Error(`There is no panel “${panel}”.`);
    usePanels.getState().set(place, open);
  };

  openDialog = (dialog: string): void => this.state.setState({ dialog });

  /** Closes that dialog, if it is the one that is shown. */
  closeDialog = (id: string): void =>
    this.state.setState(({ dialog }) => ({ dialog: dialog === id ? null : dialog }));

  // ---- what is told at the foot ---------------------------------------------------------------------------

  report = (message: string, code: RefusalCode | null = null): void =>
    this.state.setState(({ problems }) => ({ problems: addProblem(problems, message, code) }));

  dismiss = (problem: number): void =>
    this.state.setState(({ problems }) => ({ problems: problems.filter(({ id }) => id !== problem) }));

  /** Takes in how things are. What is no longer so is no longer told. */
  keepProblems(now: Now): void {
    this.state.setState(({ problems }) => ({
      problems: keepProblems(problems, (code) => isStill(code, now)),
    }));
  }

  /** Answers something that was just pressed; the last answer counts. */
  say = (answer: Said): void => this.state.setState({ said: { answer } });

  tell = (text: string): void => this.say(() => ({ tone: 'info', text, stays: false }));

  saidEnough = (): void => this.state.setState({ said: null });
}

/** One thing of its kind for each desk, made when it is first asked for: what a feature keeps of its own. */
export function perDesk<T>(make: (desk: Desk) => T): (desk: Desk) => T {
  const made = new WeakMap<Desk, T>();
  return (desk) => {
    const known = made.get(desk);
    if (known !== undefined) return known;
    const one = make(desk);
    made.set(desk, one);
    return one;
  };
}

// The files that are open in the editor. Each has a model, which is bound to the room, and keeps where this person was.
import type { FileId, FileLanguage } from '@codesync/protocol';
import type { Range } from '@codesync/room';
import type { RoomReading, RoomSource } from '../room-source/types.ts';
import { Binding } from './binding.ts';
import { Composition } from './composition.ts';
import type { CursorSource } from './cursors.ts';
import { type Indent, indentOf } from './indent.ts';
import { fileLanguageOf } from './languages.ts';
import { monaco } from './monaco.ts';
import type { PreviewSource } from './preview-layer.ts';

type CodeEditor = monaco.editor.IStandaloneCodeEditor;

/** What takes the edits of this person, and where they are. */
export type Writing = Pick<RoomSource, 'document' | 'setCursors' | 'setSight'>;

type Sheet = {
  readonly model: monaco.editor.ITextModel;
  readonly binding: Binding;
  language: FileLanguage;
  place: monaco.editor.ICodeEditorViewState | null;
};

export class Sheets {
  readonly #room: RoomReading;
  readonly #writing: Writing | null;
  readonly #editor: CodeEditor;
  readonly #changed: () => void;
  readonly #composition: Composition;
  readonly #sheets = new Map<FileId, Sheet>();
  #shown: FileId | null = null;

  /**
   * @param writing takes what is typed; null: nothing can be typed.
   * @param changed called after every change of the text that is shown.
   */
  constructor(room: RoomReading, writing: Writing | null, editor: CodeEditor, changed: () => void) {
    this.#room = room;
    this.#writing = writing;
    this.#editor = editor;
    this.#changed = changed;
    this.#composition = new Composition(editor, () => this.#current()?.binding.compositionEnded());
  }

  /** Shows a file where this person left it. False when the room does not have it (yet). */
  show(file: FileId): boolean {
    if (this.#shown === file) return true;
    const sheet = this.#open(file);
    this.#leave();
    this.#shown = sheet === null ? null : file;
    this.#editor.setModel(sheet?.model ?? null);
    if (sheet === null) return false;
    if (sheet.place !== null) this.#editor.restoreViewState(sheet.place);
    return true;
  }

  /** Follows the room's list of files: takes over their languages, and closes files that are gone. */
  refresh(indent: Indent): void {
    const { files } = this.#room.view().room;
    for (const [file, sheet] of this.#sheets) {
      const entry = files.get(file);
      if (entry === undefined) {
        this.#close(file, sheet);
        continue;
      }
      const language = fileLanguageOf(entry);
      if (language !== sheet.language) {
        sheet.language = language;
        monaco.editor.setModelLanguage(sheet.model, language);
      }
      const { size, tabs } = indentOf(entry, indent);
      sheet.model.updateOptions({
        tabSize: size,
        indentSize: size,
        insertSpaces: !tabs,
        // Colour is kept for people and for state. Monaco's bracket colours are also too faint on white.
        bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
      });
    }
  }

  cursorJumped(): void {
    this.#current()?.binding.cursorJumped();
  }

  /** The others' cursors in the file that is shown. */
  cursors(): CursorSource | null {
    return this.#current()?.binding ?? null;
  }

  /** What others typed in that file and the log does not have. */
  previews(): PreviewSource | null {
    return this.#current()?.binding ?? null;
  }

  /** A position of the editor in the text of the file that is shown. */
  inDocument(position: number): number {
    return this.#current()?.binding.inDocument(position) ?? position;
  }

  /** A range of the document that is shown in the text that the room has of it. */
  inText(range: Range): Range {
    return this.#current()?.binding.inText(range) ?? range;
  }

  /** Ends what an input method composes: the text stays, and nothing more goes into it. */
  endComposition(): void {
    this.#composition.end();
  }

  dispose(): void {
    for (const [file, sheet] of this.#sheets) this.#close(file, sheet);
    this.#composition.dispose();
  }

  #open(file: FileId): Sheet | null {
    const known = this.#sheets.get(file);
    if (known !== undefined) return known;
    const document = this.#room.document(file);
    const entry = this.#room.view().room.files.get(file);
    if (document === null || entry === undefined) return null;
    const language = fileLanguageOf(entry);
    const uri = monaco.Uri.from({
      scheme: 'codesync',
      authority: this.#room.view().id.toLowerCase(),
      path: `/${file}`,
    });
    const model = monaco.editor.createModel(document.text(), language, uri);
    const binding = new Binding({
      model,
      document,
      writing: this.#writing?.document(file) ?? null,
      editor: () => (this.#shown === file ? this.#editor : null),
      composition: this.#composition,
      changed: () => this.#shown === file && this.#changed(),
    });
    const sheet: Sheet = { model, binding, language, place: null };
    this.#sheets.set(file, sheet);
    return sheet;
  }

  #current(): Sheet | undefined {
    return this.#shown === null ? undefined : this.#sheets.get(this.#shown);
  }

  #leave(): void {
    this.#composition.end();
    const sheet = this.#current();
    if (sheet !== undefined) sheet.place = this.#editor.saveViewState();
  }

  #close(file: FileId, { model, binding }: Sheet): void {
    if (this.#shown === file) {
      this.#composition.end();
      this.#shown = null;
      this.#editor.setModel(null);
    }
    this.#sheets.delete(file);
    binding.dispose();
    model.dispose();
  }
}

// The files that are open in the editor: a model each, bound to the room, with where this person was in it.
import type { FileId } from '@codesync/protocol';
import type { RoomSource } from '../room-source/types.ts';
import { Binding } from './binding.ts';
import { Composition } from './composition.ts';
import type { CursorSource } from './cursors.ts';
import { type Indent, indentOf } from './indent.ts';
import { languageOfPath, monaco } from './monaco.ts';

type CodeEditor = monaco.editor.IStandaloneCodeEditor;

type Sheet = {
  readonly model: monaco.editor.ITextModel;
  readonly binding: Binding;
  path: string;
  place: monaco.editor.ICodeEditorViewState | null;
};

export class Sheets {
  readonly #source: RoomSource;
  readonly #editor: CodeEditor;
  readonly #changed: () => void;
  readonly #composition: Composition;
  readonly #sheets = new Map<FileId, Sheet>();
  #shown: FileId | null = null;

  /** @param changed called after every change of the text that is shown. */
  constructor(source: RoomSource, editor: CodeEditor, changed: () => void) {
    this.#source = source;
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

  /** Takes in what the room's list of files says now: other names, and files that are gone. */
  refresh(indent: Indent): void {
    const { files } = this.#source.view().room;
    for (const [file, sheet] of this.#sheets) {
      const path = files.get(file)?.path;
      if (path === undefined) {
        this.#close(file, sheet);
        continue;
      }
      if (path !== sheet.path) {
        sheet.path = path;
        monaco.editor.setModelLanguage(sheet.model, languageOfPath(path));
      }
      const { size, tabs } = indentOf(path, indent);
      sheet.model.updateOptions({
        tabSize: size,
        indentSize: size,
        insertSpaces: !tabs,
        // Colour is for people and for state; Monaco's bracket colours are too faint on white besides.
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

  /** A position of the editor in the text of the file that is shown. */
  inDocument(position: number): number {
    return this.#current()?.binding.inDocument(position) ?? position;
  }

  /** What is composed stays as it is, and nothing more can be typed into it. */
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
    const document = this.#source.document(file);
    const path = this.#source.view().room.files.get(file)?.path;
    if (document === null || path === undefined) return null;
    const uri = monaco.Uri.from({
      scheme: 'codesync',
      authority: this.#source.view().id.toLowerCase(),
      path: `/${file}`,
    });
    const model = monaco.editor.createModel(document.text(), languageOfPath(path), uri);
    const binding = new Binding({
      model,
      document,
      editor: () => (this.#shown === file ? this.#editor : null),
      composition: this.#composition,
      changed: () => this.#shown === file && this.#changed(),
    });
    const sheet: Sheet = { model, binding, path, place: null };
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

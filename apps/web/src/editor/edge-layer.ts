// Watches whose cursors go out of view, and come back into it, as the text is scrolled and they move.
import type { RemoteCursors } from '../room-source/types.ts';
import type { CursorSource } from './cursors.ts';
import { type Edges, edgesOf, NO_EDGES, sameEdges } from './edges.ts';
import type { monaco } from './monaco.ts';

export class EdgeLayer {
  readonly #editor: monaco.editor.IStandaloneCodeEditor;
  readonly #changed: (edges: Edges) => void;
  readonly #stop: monaco.IDisposable[];
  #source: CursorSource | null = null;
  #stopHearing: () => void = () => {};
  #edges = NO_EDGES;
  #frame: number | null = null;

  constructor(editor: monaco.editor.IStandaloneCodeEditor, changed: (edges: Edges) => void) {
    this.#editor = editor;
    this.#changed = changed;
    this.#stop = [
      editor.onDidScrollChange(() => this.update()),
      editor.onDidLayoutChange(() => this.update()),
      editor.onDidChangeModel(() => this.update()),
    ];
  }

  /** Watches the cursors of the file that the editor has now. */
  show(source: CursorSource | null): void {
    this.#stopHearing();
    this.#source = source;
    this.#stopHearing = source?.onCursors(() => this.update()) ?? (() => {});
    this.update();
  }

  /** Looks again, once, in the next frame. A key of somebody who is alone in the file asks for no frame. */
  update(): void {
    if (this.#edges === NO_EDGES && this.#others().length === 0) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      const edges = this.#look();
      if (sameEdges(edges, this.#edges)) return;
      this.#edges = sameEdges(edges, NO_EDGES) ? NO_EDGES : edges;
      this.#changed(edges);
    });
  }

  dispose(): void {
    this.#stopHearing();
    for (const stop of this.#stop) stop.dispose();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  #look(): Edges {
    const model = this.#editor.getModel();
    const ranges = this.#editor.getVisibleRanges();
    const [first, last] = [ranges[0]?.startLineNumber, ranges.at(-1)?.endLineNumber];
    if (model === null || first === undefined || last === undefined) return NO_EDGES;
    const people = this.#others().map(({ participant, name, hue, spans }) => {
      const lines = spans.map(({ head }) => model.getPositionAt(head).lineNumber);
      return { participant, name, hue, lines };
    });
    return edgesOf(people, { first, last });
  }

  /** The cursors of those who can type here. */
  #others(): readonly RemoteCursors[] {
    return (this.#source?.remoteCursors() ?? []).filter(({ viewer }) => !viewer);
  }
}

import { type FileId, LIMITS } from '@codesync/protocol';
import type { Range, Sight } from '@codesync/room';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { RoomReading } from '../room-source/types.ts';
import { onThemeChange } from '../ui/colours.ts';
import { createEditor } from './create-editor.ts';
import { CursorLayer } from './cursors.ts';
import { EdgeMarkers } from './EdgeMarkers.tsx';
import { EdgeLayer } from './edge-layer.ts';
import { NO_EDGES } from './edges.ts';
import './editor.css';
import './surfaces.css';
import { FailureLayer, type FailurePlace } from './failures.ts';
import type { Indent } from './indent.ts';
import { monaco } from './monaco.ts';
import { PreviewLayer } from './preview-layer.ts';
import { type MarginPress, type RangeMark, RangeMarkLayer } from './range-marks.ts';
import { Sheets, type Writing } from './sheets.ts';
import { applyTheme } from './theme.ts';

/** What the page may do to the editor from outside. */
export type EditorHandle = {
  readonly focus: () => void;
  /** The line, from 1, that the cursor is in. */
  readonly line: () => number;
  /** What is selected. */
  readonly selected: () => string;
  /** What is selected, in the text that the room has of the file; where the cursor is, if nothing is. */
  readonly range: () => Range | null;
  /** Shows a place and puts the cursor there. */
  readonly reveal: (place: Revealed) => void;
  /**
   * Scrolls to what somebody else has in sight, in positions of the file's text: their first line is at the top, unless
   * their cursor, where that is in their sight, would be out of this one.
   */
  readonly goAlong: (sight: Sight & { readonly cursor: number | null }) => void;
};

/**
 * Lines and columns count from 1; without a column it is the first word of the line. `explain` also opens what the
 * editor has to say of that place. `length`: so many units from there are selected.
 */
type Revealed = {
  readonly line: number;
  readonly column?: number | undefined;
  readonly explain?: boolean;
  readonly length?: number;
};

export type EditorProps = {
  readonly room: RoomReading;
  /** The same room, for what is typed; null: it can only be read. */
  readonly writing: Writing | null;
  readonly file: FileId;
  /** It is out of sight: this person is elsewhere. */
  readonly away: boolean;
  /** Nothing may be typed just now. */
  readonly readOnly: boolean;
  readonly fontSize: number;
  readonly indent: Indent;
  /** Long lines are broken at the edge of the editor. */
  readonly wordWrap: boolean;
  readonly minimap: boolean;
  readonly ligatures: boolean;
  readonly theme: 'light' | 'dark';
  /** Where the last run failed. */
  readonly failures: readonly FailurePlace[];
  /** Ranges of any files. */
  readonly marks: readonly RangeMark[];
  readonly onMargin: (press: MarginPress) => void;
  /** Line and column from 1, and how many units are selected. */
  readonly onCursorChange: (line: number, column: number, selected: number) => void;
  readonly onRun: () => void;
  /** What is selected is to be sent to the chat. */
  readonly onQuote: () => void;
  /** Somebody typed where they may not. */
  readonly onRefused: () => void;
  /** The editor shows a file for the first time. */
  readonly onReady: (handle: EditorHandle) => void;
};

/** Where a selection began. */
const anchorOf = (selection: monaco.Selection): monaco.IPosition => ({
  lineNumber: selection.selectionStartLineNumber,
  column: selection.selectionStartColumn,
});

type Parts = {
  readonly editor: monaco.editor.IStandaloneCodeEditor;
  readonly sheets: Sheets;
  readonly cursors: CursorLayer;
  readonly previews: PreviewLayer;
  readonly edges: EdgeLayer;
  readonly failures: FailureLayer;
  readonly marks: RangeMarkLayer;
};

/** Shows a line, and leaves the cursor where it is. */
function look(editor: Parts['editor'], line: number): void {
  editor.revealLineInCenter(line);
  // Where one taps, the focus brings the keyboard over what one came to read.
  if (!matchMedia('(hover: none)').matches) editor.focus();
}

/** Where a mark is in the text on the screen. */
function onScreen(writing: Writing | null, { file, at }: RangeMark): Range | null {
  const range = at();
  return range === null ? null : (writing?.document(file)?.onScreen(range) ?? range);
}

/** The code of one file of a room. One Monaco lives as long as this is mounted; files come and go in it. */
export default function Editor(props: EditorProps) {
  const {
    room,
    writing,
    file,
    away,
    fontSize,
    indent,
    theme,
    failures,
    marks,
    onMargin,
    onCursorChange,
    onRun,
    onQuote,
    onRefused,
    onReady,
  } = props;
  const readOnly = props.readOnly || writing === null;
  const host = useRef<HTMLDivElement>(null);
  const [parts, setParts] = useState<Parts | null>(null);
  const [edges, setEdges] = useState(NO_EDGES);
  const ready = useRef(false);
  const run = useEffectEvent(onRun);
  const quote = useEffectEvent(onQuote);
  const refused = useEffectEvent(onRefused);
  const margin = useEffectEvent(onMargin);
  const tellSight = useEffectEvent((editor: Parts['editor'], sheets: Sheets) => {
    const model = editor.getModel();
    const ranges = editor.getVisibleRanges();
    if (model === null || ranges.length === 0 || away || editor.getLayoutInfo().height === 0) return;
    const at = (position: monaco.IPosition) => sheets.inDocument(model.getOffsetAt(position));
    const last = { lineNumber: ranges.at(-1)!.endLineNumber, column: 1 };
    const from = at(ranges[0]!.getStartPosition());
    writing?.setSight({ file, from, to: Math.max(from, at(last)) });
  });
  const tellCursor = useEffectEvent((editor: Parts['editor'], sheets: Sheets, byHand: boolean) => {
    const model = editor.getModel();
    const selections = editor.getSelections();
    if (model === null || selections === null || away) return;
    if (byHand) sheets.cursorJumped();
    const spans = selections.slice(0, LIMITS.cursors).map((selection) => ({
      anchor: model.getOffsetAt(anchorOf(selection)),
      head: model.getOffsetAt(selection.getPosition()),
    }));
    const inDocument = spans.map(({ anchor, head }) => ({
      anchor: sheets.inDocument(anchor),
      head: sheets.inDocument(head),
    }));
    writing?.setCursors({ file, spans: inDocument });
    const { lineNumber, column } = selections[0]!.getPosition();
    onCursorChange(lineNumber, column, Math.abs(spans[0]!.head - spans[0]!.anchor));
    tellSight(editor, sheets);
  });
  const refresh = useEffectEvent((sheets: Sheets) => sheets.refresh(indent));

  useEffect(() => {
    applyTheme();
    const editor = createEditor(
      host.current!,
      () => run(),
      () => quote(),
    );
    const failing = new FailureLayer();
    const marking = new RangeMarkLayer(editor, (press) => margin(press));
    const cursors = new CursorLayer(editor);
    const previews = new PreviewLayer(editor);
    const layer = new EdgeLayer(editor, setEdges);
    const sheets = new Sheets(room, writing, editor, () => {
      cursors.update();
      layer.update();
    });
    const moved = editor.onDidChangeCursorSelection(({ source: cause }) =>
      tellCursor(editor, sheets, cause === 'mouse' || cause === 'keyboard.move'),
    );
    const scrolled = editor.onDidScrollChange(() => tellSight(editor, sheets));
    const resized = editor.onDidLayoutChange(() => tellSight(editor, sheets));
    const refusing = editor.onDidAttemptReadOnlyEdit(() => refused());
    const unsubscribe = room.subscribe(() => refresh(sheets));
    const stopTheme = onThemeChange(() => {
      applyTheme();
      cursors.themeChanged();
    });
    setParts({ editor, sheets, cursors, previews, edges: layer, failures: failing, marks: marking });
    return () => {
      writing?.setCursors(null);
      writing?.setSight(null);
      stopTheme();
      unsubscribe();
      moved.dispose();
      scrolled.dispose();
      resized.dispose();
      refusing.dispose();
      cursors.dispose();
      previews.dispose();
      layer.dispose();
      setEdges(NO_EDGES);
      failing.dispose();
      marking.dispose();
      sheets.dispose();
      editor.dispose();
      ready.current = false;
      setParts(null);
    };
  }, [room, writing]);

  const tellReady = useEffectEvent(({ editor, sheets }: Parts) => {
    if (ready.current) return;
    ready.current = true;
    onReady({
      focus: () => editor.focus(),
      line: () => editor.getPosition()?.lineNumber ?? 0,
      selected: () => {
        const selection = editor.getSelection();
        return selection === null ? '' : (editor.getModel()?.getValueInRange(selection) ?? '');
      },
      range: () => {
        const [model, selection] = [editor.getModel(), editor.getSelection()];
        if (model === null || selection === null) return null;
        const at = (position: monaco.IPosition) => sheets.inDocument(model.getOffsetAt(position));
        return sheets.inText({
          start: at(selection.getStartPosition()),
          end: at(selection.getEndPosition()),
        });
      },
      goAlong: ({ from, to, cursor }) => {
        const model = editor.getModel();
        if (model === null) return;
        const topOf = ({ lineNumber, column }: monaco.IPosition) =>
          editor.getTopForPosition(lineNumber, column);
        const top = topOf(model.getPositionAt(from));
        const theirs = cursor === null ? null : model.getPositionAt(cursor);
        const seen =
          theirs !== null && cursor! >= from && theirs.lineNumber <= model.getPositionAt(to).lineNumber;
        const { height } = editor.getLayoutInfo();
        const below = height - editor.getOption(monaco.editor.EditorOption.lineHeight);
        // An editor in a pane that is not shown has no height, and is looked at again when it has.
        editor.setScrollTop(seen && height > 0 ? Math.max(top, topOf(theirs) - below) : top);
      },
      reveal: ({ line, column, explain = false, length = 0 }) => {
        const model = editor.getModel();
        const from = {
          lineNumber: line,
          column: column ?? (model?.getLineFirstNonWhitespaceColumn(line) || 1),
        };
        const to = model?.getPositionAt(model.getOffsetAt(from) + length) ?? from;
        editor.setSelection(monaco.Range.fromPositions(from, length === 0 ? from : to));
        editor.revealRangeInCenterIfOutsideViewport(monaco.Range.fromPositions(from));
        editor.focus();
        if (explain) editor.trigger('page', 'editor.action.showHover', null);
      },
    });
  });

  const mark = useEffectEvent(({ editor, failures: layer }: Parts) => {
    const model = editor.getModel();
    const document = room.document(file);
    if (model !== null && document !== null) layer.show(model, document);
  });
  const markRanges = useEffectEvent((layer: RangeMarkLayer) =>
    layer.show(
      file,
      marks.map((mark) => ({ ...mark, at: () => onScreen(writing, mark) })),
    ),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: other marks are drawn anew
  useEffect(() => {
    if (parts !== null) markRanges(parts.marks);
  }, [parts, marks]);
  useEffect(() => {
    parts?.failures.set(failures);
    if (parts !== null) mark(parts);
  }, [parts, failures]);

  useEffect(() => {
    if (parts === null) return;
    const show = (): boolean => {
      if (!parts.sheets.show(file)) return false;
      refresh(parts.sheets);
      parts.cursors.show(parts.sheets.cursors());
      parts.previews.show(parts.sheets.previews());
      parts.edges.show(parts.sheets.cursors());
      tellCursor(parts.editor, parts.sheets, true);
      mark(parts);
      markRanges(parts.marks);
      tellReady(parts);
      return true;
    };
    if (show()) return;
    const unsubscribe = room.subscribe(() => show() && unsubscribe());
    return unsubscribe;
  }, [parts, room, file]);

  const come = useEffectEvent(({ editor, sheets }: Parts) => tellCursor(editor, sheets, true));
  useEffect(() => {
    if (parts === null) return;
    if (away) writing?.setCursors(null);
    else come(parts);
  }, [parts, writing, away]);

  useEffect(() => {
    if (readOnly) parts?.sheets.endComposition();
    parts?.editor.updateOptions({ readOnly, domReadOnly: readOnly });
  }, [parts, readOnly]);

  useEffect(() => {
    parts?.editor.updateOptions({ fontSize, lineHeight: Math.round(fontSize * 1.55) });
    parts?.cursors.update();
  }, [parts, fontSize]);

  useEffect(() => {
    parts?.sheets.refresh(indent);
  }, [parts, indent]);

  const { wordWrap, minimap, ligatures } = props;
  useEffect(() => {
    parts?.editor.updateOptions({
      wordWrap: wordWrap ? 'on' : 'off',
      minimap: { enabled: minimap },
      fontLigatures: ligatures,
    });
    parts?.cursors.update();
  }, [parts, wordWrap, minimap, ligatures]);

  const path = room.view().room.files.get(file)?.path ?? '';
  useEffect(() => {
    const ariaLabel = `${path}${readOnly ? ', read only' : ''}. Press Control M to let Tab move the focus.`;
    parts?.editor.updateOptions({ ariaLabel });
  }, [parts, path, readOnly]);

  return (
    <div className="relative h-full w-full">
      <div ref={host} data-editor-theme={theme} className="monaco-component h-full w-full overflow-hidden" />
      <EdgeMarkers edges={edges} onGo={(line) => parts !== null && look(parts.editor, line)} />
    </div>
  );
}

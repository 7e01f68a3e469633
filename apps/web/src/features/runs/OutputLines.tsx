import {
  type CSSProperties,
  memo,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  type UIEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Style } from './ansi.ts';
import { type Found, type Piece, piecesOf } from './find.ts';
import { type Part, partsOf } from './references.ts';
import type { Block, Line, Span, Typed } from './transcript.ts';

/*
 * Output is a list in the page and not a terminal widget. It can be wrapped, selected, searched, zoomed and read aloud
 * like any text, by the browser too. It marks stderr in the margin, and leads from a traceback into the file. Full blocks never change, and
 * blocks far from sight are plain text that is not laid out. So a flood costs only what is seen of it.
 */

type OutputLinesProps = {
  blocks: readonly Block[];
  wrap: boolean;
  fontSize: number;
  /** The room's file that a printed path means. */
  fileOf: (path: string) => string | null;
  onFollow: (path: string, line: number) => void;
  /** The name of whoever typed something, null where it is not known. */
  typistOf: (typed: Typed) => string | null;
  /** What was found, and the place of it that is looked at. It is brought into sight. */
  found?: readonly Found[];
  current?: Found | null;
  /** Stands before the first line and after the last. */
  before?: ReactNode;
  after?: ReactNode;
};

export function OutputLines({
  blocks,
  wrap,
  fontSize,
  fileOf,
  onFollow,
  typistOf,
  found = NOTHING_FOUND,
  current = null,
  before,
  after,
}: OutputLinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { atEnd, jump, leave, byHand } = useEndInSight(scroller);
  const byBlock = useMemo(() => groupedByBlock(found), [found]);
  useEffect(() => {
    if (current === null) return;
    leave();
    scroller.current?.querySelector('[data-found="current"]')?.scrollIntoView({ block: 'center' });
  }, [current, leave]);
  const lineHeight = Math.round(fontSize * 1.5);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Output"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        {...byHand}
        data-wrap={wrap}
        className="group h-full overflow-auto font-mono [overflow-anchor:none] focus-visible:-outline-offset-2"
        style={{ fontSize, lineHeight: `${lineHeight}px` }}
      >
        <div className="py-2">
          {before}
          {blocks.map((block, i) => (
            <BlockView
              key={block.id}
              block={block}
              version={block.version}
              last={i >= blocks.length - 2}
              lineHeight={lineHeight}
              fileOf={fileOf}
              onFollow={onFollow}
              typistOf={typistOf}
              found={byBlock.get(block.id) ?? NOTHING_FOUND}
              current={current?.block === block.id ? current : null}
            />
          ))}
          {after}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          onClick={jump}
          className="absolute right-4 bottom-3 h-7 animate-rise rounded-md border border-line bg-surface-0 px-2.5 text-ink-2 text-xs shadow-float hover:text-ink-1 dark:bg-surface-2 phone:h-11"
        >
          Jump to the end
        </button>
      )}
    </div>
  );
}

const NOTHING_FOUND: readonly Found[] = [];

function groupedByBlock(found: readonly Found[]): ReadonlyMap<number, readonly Found[]> {
  const groups = new Map<number, Found[]>();
  for (const place of found) {
    const group = groups.get(place.block);
    if (group === undefined) groups.set(place.block, [place]);
    else group.push(place);
  }
  return groups;
}

/** A scroll this long after a hand moved something is the hand's. */
const HAND_MS = 400;

/**
 * Keeps the end of a growing list in sight until someone scrolls away from it by hand. The list also changes its
 * height by itself, as lines get measured: such scrolling says nothing about what the reader wants.
 */
function useEndInSight(scroller: RefObject<HTMLDivElement | null>) {
  const [atEnd, setAtEnd] = useState(true);
  const follows = useRef(true);
  const handAt = useRef(0);

  const follow = useCallback((on: boolean) => {
    follows.current = on;
    setAtEnd(on);
  }, []);
  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box !== null && follows.current) box.scrollTop = box.scrollHeight;
  }, [scroller]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (box?.firstElementChild == null) return;
    const observer = new ResizeObserver(toEnd);
    observer.observe(box);
    observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, [scroller, toEnd]);

  const moved = () => {
    handAt.current = performance.now();
  };
  const byHand = {
    onWheel: moved,
    onTouchMove: moved,
    onKeyDown: moved,
    onPointerMove: (event: PointerEvent) => {
      if (event.buttons !== 0) moved();
    },
    onScroll: (event: UIEvent<HTMLDivElement>) => {
      const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
      if (scrollHeight - scrollTop - clientHeight < 24) follow(true);
      else if (performance.now() - handAt.current < HAND_MS) follow(false);
    },
  };
  const jump = () => {
    follow(true);
    toEnd();
  };
  const leave = useCallback(() => follow(false), [follow]);
  return { atEnd, jump, leave, byHand };
}

type BlockViewProps = Pick<OutputLinesProps, 'fileOf' | 'onFollow' | 'typistOf'> & {
  block: Block;
  version: number;
  /** One of the last: it is most likely in sight. */
  last: boolean;
  lineHeight: number;
  found: readonly Found[];
  current: Found | null;
};

/** How far from sight a block is drawn in full, in pixels. */
const NEAR_PX = 800;

const BlockView = memo(
  function BlockView({ block, last, lineHeight, found, current, ...ways }: BlockViewProps) {
    const box = useRef<HTMLDivElement>(null);
    const [near, setNear] = useState(last);

    useEffect(() => {
      const observer = new IntersectionObserver(([entry]) => setNear(entry!.isIntersecting), {
        root: box.current!.closest('[role="log"]'),
        rootMargin: `${NEAR_PX}px 0px`,
      });
      observer.observe(box.current!);
      return () => observer.disconnect();
    }, []);

    return (
      <div
        ref={box}
        style={{
          contentVisibility: 'auto',
          containIntrinsicSize: `auto ${block.lines.length * lineHeight}px`,
        }}
        className="w-max min-w-full group-data-[wrap=true]:w-auto"
      >
        {near || current !== null ? (
          segments(block.lines).map(({ from, stream, lines }) => (
            <div
              key={from}
              data-stream={stream}
              className={`${INDENT} data-[stream=stderr]:border-danger data-[stream=stderr]:bg-danger-soft/40`}
            >
              {stream === 'stderr' && <span className="sr-only">stderr: </span>}
              {lines.map((line, i) => (
                <LineView
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
                  key={i}
                  line={line}
                  lineHeight={lineHeight}
                  found={found.length === 0 ? found : found.filter((place) => place.line === from + i)}
                  current={current}
                  {...ways}
                />
              ))}
            </div>
          ))
        ) : (
          <div className={`${INDENT} ${LINE}`}>{plainLines(block.lines)}</div>
        )}
      </div>
    );
  },
  (before, after) =>
    before.block === after.block &&
    before.version === after.version &&
    before.lineHeight === after.lineHeight &&
    before.fileOf === after.fileOf &&
    before.onFollow === after.onFollow &&
    before.typistOf === after.typistOf &&
    before.found === after.found &&
    before.current === after.current,
);

const INDENT = 'border-transparent border-l-2 pr-3 pl-3';
const LINE =
  'whitespace-pre [tab-size:8] group-data-[wrap=true]:whitespace-pre-wrap group-data-[wrap=true]:[overflow-wrap:anywhere]';

/** What stands for a block far from sight: the same text as one node, to be found, selected and copied. */
function plainLines(lines: readonly Line[]): string {
  return lines.map((line) => `${line.spans.map(({ text }) => text).join('')}\n`).join('');
}

/** Neighbouring lines of one stream, so that the margin's mark is one bar. */
function segments(lines: readonly Line[]): { from: number; stream: Line['stream']; lines: Line[] }[] {
  const groups: { from: number; stream: Line['stream']; lines: Line[] }[] = [];
  for (const [i, line] of lines.entries()) {
    const last = groups.at(-1);
    if (last !== undefined && last.stream === line.stream) last.lines.push(line);
    else groups.push({ from: i, stream: line.stream, lines: [line] });
  }
  return groups;
}

type LineViewProps = Omit<BlockViewProps, 'block' | 'version' | 'last'> & { line: Line };

function LineView({ line, lineHeight, found, current, ...ways }: LineViewProps) {
  return (
    <div style={{ minHeight: lineHeight }} className={LINE}>
      {(found.length === 0 ? line.spans : piecesOf(line, found, current)).map((span, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line's spans have no other name
        <SpanView key={i} span={span} {...ways} />
      ))}
    </div>
  );
}

type SpanViewProps = { span: Span | Piece } & Pick<LineViewProps, 'fileOf' | 'onFollow' | 'typistOf'>;

function SpanView({ span, fileOf, onFollow, typistOf }: SpanViewProps) {
  const content = partsOf(span.text, fileOf).map((part, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
    part.kind === 'text' ? part.text : <Followable key={i} part={part} onFollow={onFollow} />,
  );
  if ('found' in span && span.found !== 'no') {
    return (
      <mark
        data-found={span.found}
        className="rounded-xs bg-warning/35 text-inherit data-[found=current]:bg-accent data-[found=current]:text-on-accent"
      >
        {span.text}
      </mark>
    );
  }
  if (span.typed !== null) {
    // The name is no text of the page: it is neither selected nor copied with the output.
    return (
      <span
        data-typist={typistOf(span.typed)}
        className="font-semibold text-accent after:ml-2 after:font-normal after:font-sans after:text-ink-3 after:text-xs after:content-[attr(data-typist)]"
      >
        {content}
      </span>
    );
  }
  return span.style === null ? content : <span style={cssOf(span.style)}>{content}</span>;
}

type FollowableProps = { part: Exclude<Part, { kind: 'text' }>; onFollow: OutputLinesProps['onFollow'] };

function Followable({ part, onFollow }: FollowableProps) {
  if (part.kind === 'link') {
    return (
      <a href={part.url} target="_blank" rel="noopener noreferrer" className="text-accent underline">
        {part.text}
      </a>
    );
  }
  return (
    <button
      type="button"
      title={`Go to ${part.path}, line ${part.line}`}
      onClick={() => onFollow(part.path, part.line)}
      className="underline decoration-dotted underline-offset-2 hover:text-accent"
    >
      {part.text}
    </button>
  );
}

function cssOf(style: Style): CSSProperties {
  const fg = style.inverse ? (style.bg ?? 'var(--surface-0)') : style.fg;
  const bg = style.inverse ? (style.fg ?? 'var(--text-1)') : style.bg;
  const lines = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean).join(' ');
  return {
    ...(fg === undefined ? {} : { color: fg }),
    ...(bg === undefined ? {} : { background: bg }),
    ...(style.bold ? { fontWeight: 700 } : {}),
    ...(style.dim ? { opacity: 0.75 } : {}),
    ...(style.italic ? { fontStyle: 'italic' } : {}),
    ...(lines === '' ? {} : { textDecoration: lines }),
  };
}

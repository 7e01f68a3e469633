type QuoteProps = {
  text: string;
  /** Where nothing is quoted, the place is named. */
  path: string;
  /** The text is no longer in the file. */
  gone?: boolean;
};

/** The first lines of the code that a thread is about. */
export function Quote({ text, path, gone = false }: QuoteProps) {
  if (text.trim() === '') return <p className="truncate text-ink-3 text-xs">A place in {path}</p>;
  return (
    <blockquote
      className={`line-clamp-3 overflow-hidden whitespace-pre-wrap break-all border-line-strong border-l-2 pl-2 font-mono text-ink-2 text-xs ${gone ? 'line-through decoration-ink-3' : ''}`}
    >
      {text.replace(/^\n+/, '')}
    </blockquote>
  );
}

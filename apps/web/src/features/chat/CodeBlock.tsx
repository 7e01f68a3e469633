import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ColouredLine } from '../../editor/coloured-code.ts';
import { useCopy } from '../../ui/hooks.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { fenceLanguage } from './fences.ts';

/** Longer code is not coloured: it would hold up the page. */
const COLOURED_UNITS = 20_000;

/** Code in a message, in the colours of the editor. It is there without them until they have come. */
export function CodeBlock({ text, info }: { text: string; info: string }) {
  const { copy, state } = useCopy();
  const lines = useColours(text, info);
  return (
    <div className="group/code relative">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has only keys can scroll it
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-md border border-line bg-surface-0 px-2.5 py-1.5 font-mono text-xs [overflow-wrap:normal]"
      >
        <code>
          {lines === null
            ? text
            : lines.map((line, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never move
                <span key={i}>
                  {i > 0 && '\n'}
                  {line.map(({ text: part, colour }, j) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: nor do their parts
                    <span key={j} style={colour === null ? undefined : { color: `var(${colour})` }}>
                      {part}
                    </span>
                  ))}
                </span>
              ))}
        </code>
      </pre>
      <IconButton
        label={state === 'copied' ? 'Copied' : 'Copy code'}
        onClick={() => void copy(text)}
        className="absolute! top-1 right-1 bg-surface-1 opacity-0 focus-visible:opacity-100 group-hover/code:opacity-100 phone:hidden"
      >
        {state === 'copied' ? <Check size={14} strokeWidth={1.5} /> : <Copy size={14} strokeWidth={1.5} />}
      </IconButton>
    </div>
  );
}

function useColours(text: string, info: string): readonly ColouredLine[] | null {
  const [lines, setLines] = useState<readonly ColouredLine[] | null>(null);
  useEffect(() => {
    const language = fenceLanguage(info);
    setLines(null);
    if (language === null || text.length > COLOURED_UNITS) return;
    let gone = false;
    import('../../editor/coloured-code.ts')
      .then(({ colouredCode }) => colouredCode(text, language))
      .then((coloured) => {
        if (!gone) setLines(coloured);
      })
      // Without a connection the language may not have come: the code is there all the same.
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [text, info]);
  return lines;
}

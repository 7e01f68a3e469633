import clsx from 'clsx';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Edge, Edges } from './edges.ts';

/** So many people are named at each edge. */
const NAMED = 3;

type EdgeMarkersProps = { edges: Edges; onGo: (line: number) => void };

/** Over the edges of the code: who is further up or down in this file. Each of them leads there. */
export function EdgeMarkers({ edges, onGo }: EdgeMarkersProps) {
  return (
    <>
      <Side side="above" people={edges.above} onGo={onGo} />
      <Side side="below" people={edges.below} onGo={onGo} />
    </>
  );
}

type SideProps = { side: 'above' | 'below'; people: readonly Edge[]; onGo: (line: number) => void };

function Side({ side, people, onGo }: SideProps) {
  if (people.length === 0) return null;
  const Arrow = side === 'above' ? ArrowUp : ArrowDown;
  const more = people.slice(NAMED);
  return (
    <ul
      aria-label={side === 'above' ? 'Further up' : 'Further down'}
      className={clsx(
        'pointer-events-none absolute inset-x-0 z-10 flex justify-center gap-1 px-4',
        side === 'above' ? 'top-1' : 'bottom-3.5 phone:bottom-11',
      )}
    >
      {people.slice(0, NAMED).map(({ participant, name, hue, line }) => (
        <li key={participant} className="flex min-w-0">
          <button
            type="button"
            aria-label={`${name} ${line}: go to line ${line}`}
            title={`${name} is in line ${line}`}
            onClick={() => onGo(line)}
            className="pointer-events-auto inline-flex h-5 min-w-0 max-w-44 animate-fade items-center gap-1 rounded-full border border-line bg-surface-1 pr-2 pl-1 text-2xs text-ink-1 shadow-sm hover:bg-surface-2 phone:h-8"
          >
            <span
              aria-hidden="true"
              className="inline-flex size-3.5 shrink-0 items-center justify-center rounded-full text-on-person"
              style={{ background: `var(--person-${hue})` }}
            >
              <Arrow size={10} strokeWidth={2.5} />
            </span>
            <span className="truncate">{name}</span>{' '}
            <span className="shrink-0 text-ink-3 tabular-nums">{line}</span>
          </button>
        </li>
      ))}
      {more.length > 0 && (
        <li
          title={more.map(({ name }) => name).join(', ')}
          className="pointer-events-auto inline-flex h-5 items-center rounded-full border border-line bg-surface-1 px-1.5 text-2xs text-ink-2 phone:h-8"
        >
          +{more.length}
        </li>
      )}
    </ul>
  );
}

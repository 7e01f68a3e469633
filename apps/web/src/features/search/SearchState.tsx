import { useDesk } from '../../desk/hooks.tsx';
import { Button } from '../../ui/Button.tsx';
import { useLong } from '../../ui/hooks.ts';
import { Spinner } from '../../ui/Spinner.tsx';
import { useSearch, useShown } from './desk-search.ts';
import { MOST_SHOWN } from './limits.ts';
import { stopReplacing, totalInWords } from './replace.ts';
import { totals } from './rows.ts';

/** How the search stands, in words. */
export function SearchState() {
  const desk = useDesk();
  const found = useSearch((state) => state.found);
  const problem = useSearch((state) => state.problem);
  const isEmpty = useSearch((state) => state.query.text === '');
  const going = useSearch((state) => state.going);
  const work = useShown((shown) => shown.work);
  const isLong = useLong(going);
  const { matches, shown } = totals(found);

  if (work !== null)
    return (
      <div className="flex shrink-0 items-center gap-2 px-3 pb-1.5 text-ink-2 text-xs">
        <Spinner />
        <span role="status" className="min-w-0 flex-1 tabular-nums">
          {`Replacing: ${work.done.toLocaleString('en')} of ${work.total.toLocaleString('en')} files`}
        </span>
        <Button onClick={() => stopReplacing(desk)}>Stop</Button>
      </div>
    );
  if (problem !== null)
    return (
      <p role="alert" className="shrink-0 px-3 pb-1.5 text-danger text-xs">
        {problem}
      </p>
    );
  return (
    <div role="status" className="shrink-0 px-3 text-ink-2 text-xs tabular-nums">
      {!isEmpty && (matches > 0 || !going || isLong) && (
        <p className="pb-1.5">
          {matches > 0 ? totalInWords(found) : going ? 'Searching…' : 'Nothing is found.'}
          {isLong && matches > 0 && ' so far'}
          {shown < matches && matches > MOST_SHOWN && (
            <>. The first {MOST_SHOWN.toLocaleString('en')} are listed. Type more to find less.</>
          )}
        </p>
      )}
    </div>
  );
}

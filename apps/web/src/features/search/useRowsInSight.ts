import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Rows beyond the edges that are there too. */
const BEYOND = 12;

type RowsInSight = {
  /** The rows to be drawn: from the first, up to and without the last. */
  readonly from: number;
  readonly to: number;
  readonly onScroll: () => void;
  /** Brings a row into sight. */
  readonly reveal: (row: number) => void;
};

/** Which of `count` rows of one height, in pixels, a scroller shows. */
export function useRowsInSight(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  height: number,
): RowsInSight {
  const [first, setFirst] = useState(0);
  const [some, setSome] = useState(40);
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    setFirst(Math.floor(element.scrollTop / height));
    setSome(Math.ceil(element.clientHeight / height) + 1);
  }, [scroller, height]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const fit = new ResizeObserver(onScroll);
    fit.observe(element);
    return () => fit.disconnect();
  }, [scroller, onScroll]);
  const reveal = (row: number) => {
    const element = scroller.current;
    if (element === null) return;
    const top = row * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height - element.clientHeight;
    onScroll();
  };
  const from = Math.max(0, Math.min(first, count) - BEYOND);
  return { from, to: Math.min(count, first + some + BEYOND), onScroll, reveal };
}

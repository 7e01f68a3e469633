import type { ItemInstance } from '@headless-tree/core';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useRef } from 'react';
import { usePhone } from '../../desk/hooks.tsx';
import type { TreeNode } from './tree.ts';

type Row = ItemInstance<TreeNode>;

type DrawnRows = {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Of all rows together, in pixels. */
  readonly height: number;
  /** From top to bottom. `top`: how far below the first row's top, in pixels. */
  readonly rows: readonly { readonly item: Row; readonly index: number; readonly top: number }[];
  /** Takes the element of each drawn row, which has its `data-index`. */
  readonly measure: (element: HTMLElement | null) => void;
};

/** As TreeRow has them, in pixels. The real ones are measured. */
const ROW_HEIGHT = 28;
const ROW_HEIGHT_ON_PHONES = 44;
/** Rows above and below those in sight. */
const BEYOND = 8;

/** Those of `items` that are in sight of `scroller`, and those at `kept`, wherever they are. Below 0: not among them. */
export function useDrawnRows(items: readonly Row[], kept: readonly number[]): DrawnRows {
  const scroller = useRef<HTMLDivElement>(null);
  const scrolled = useRef(false);
  const rowHeight = usePhone() ? ROW_HEIGHT_ON_PHONES : ROW_HEIGHT;
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => items[index]!.getId(),
    overscan: BEYOND,
    // What comes and goes above leaves the rows in sight where they are. What comes first of all is seen from the top.
    anchorTo: scrolled.current ? 'end' : 'start',
    rangeExtractor: (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), ...kept.filter((index) => index >= 0)])].sort(
        (a, b) => a - b,
      ),
  });
  scrolled.current = (virtualizer.scrollOffset ?? 0) > 0;
  return {
    scroller,
    height: virtualizer.getTotalSize(),
    rows: virtualizer
      .getVirtualItems()
      .map(({ index, start }) => ({ item: items[index]!, index, top: start })),
    measure: virtualizer.measureElement,
  };
}

/** Rows of a scroller: only those in sight are in the page, and they are asked for as they come there. */
import { defaultRangeExtractor, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useRef } from 'react';
import type { Rows } from './useRows';

interface VirtualRows {
  /** To be set on the element that scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  virtual: Virtualizer<HTMLDivElement, Element>;
}

export function useVirtualRows(
  rows: Rows,
  options: {
    /** Of one row, in pixels. */
    height: number;
    /** How many rows stand there until it is known how many there are. */
    placeholders: number;
    overscan: number;
    /** A row that stays in the page even when it is scrolled out of sight: it has the focus. */
    kept?: number;
    /** The height of a heading that stays in sight over the rows. */
    head?: number;
  },
): VirtualRows {
  const { height, placeholders, overscan, kept = -1, head = 0 } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    count: rows.total ?? placeholders,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan,
    scrollPaddingStart: head,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      if (kept < 0 || kept >= range.count || indexes.includes(kept)) return indexes;
      return [...indexes, kept].sort((left, right) => left - right);
    },
  });
  const { range } = virtual;
  useEffect(() => {
    if (range) rows.need(range.startIndex, range.endIndex);
  }, [range?.startIndex, range?.endIndex, rows]);
  return { scroller, virtual };
}

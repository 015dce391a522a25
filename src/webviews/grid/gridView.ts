import './grid.css';
import type { RegularTableElement } from 'regular-table';
import { h, useLayoutEffect, useRef } from '../shell/view.ts';
import type { ComponentChild, MutableRef } from '../shell/view.ts';
import { Grid } from './grid.ts';
import type { GridEvents } from './gridData.ts';

/**
 * The grid as a part of a page. `grid` gives the page the grid itself, to be shown rows and asked for its selection;
 * `events` must stay the same object, which looks the page's state up when it is called.
 */
export function GridView(props: {
  readonly grid: MutableRef<Grid | undefined>;
  readonly events: GridEvents;
  readonly hidden: boolean;
}): ComponentChild {
  const { grid, events, hidden } = props;
  const node = useRef<RegularTableElement>(null);
  useLayoutEffect(() => {
    const made = new Grid(node.current!, events);
    grid.current = made;
    return () => {
      grid.current = undefined;
      made.dispose();
    };
  }, []);
  return h('regular-table', { ref: node, class: 'grid', hidden });
}

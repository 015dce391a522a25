import { useLayoutEffect, useRef } from '../shell/view.ts';

const SEARCH_DELAY_MS = 250;

/**
 * Leaves only rows that hold a text: it asks a moment after the last key, and never changes under somebody who is
 * typing.
 */
export function SearchField(props: {
  readonly text: string;
  readonly hidden: boolean;
  readonly onSearch: (text: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useLayoutEffect(() => {
    if (document.activeElement !== input.current) input.current!.value = props.text;
  });
  return (
    <input
      ref={input}
      type="search"
      placeholder="Filter rows"
      aria-label="Filter rows by text"
      hidden={props.hidden}
      onInput={() => {
        clearTimeout(timer.current);
        // What was typed, whatever a draw puts here once the focus has gone on.
        const { value } = input.current!;
        timer.current = window.setTimeout(() => {
          props.onSearch(value);
        }, SEARCH_DELAY_MS);
      }}
    />
  );
}

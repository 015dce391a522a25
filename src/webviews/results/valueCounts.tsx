import { visibleText } from '../../base/visibleText.ts';
import type { ValueCount } from '../../model/rows.ts';
import { moveFocus } from '../shell/focus.ts';

/** Longest value shown; a tooltip has a little more. */
const SHOWN = 120;
const TOLD = 1000;

/**
 * Values with how many rows have each, of `all`; with `choose` each is a button that is pressed where it is among
 * `chosen`, and the arrows go from one to the next.
 */
export function ValueCounts(props: {
  readonly label: string;
  readonly values: readonly ValueCount[];
  readonly all: number;
  readonly chosen?: ReadonlySet<string>;
  readonly choose?: (value: string) => void;
}) {
  const { label, values, all, chosen, choose } = props;
  return (
    <ul
      class="values"
      aria-label={label}
      onKeyDown={(event) => {
        const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
        if (choose && moveFocus(buttons, event.key)) event.preventDefault();
      }}
    >
      {values.map(({ value, count }) => {
        const line = (
          <>
            <span class={value === '' ? 'value muted' : 'value'}>{shownValue(value, SHOWN)}</span>
            <span class="count">{count.toLocaleString('en')}</span>
            <span class="share" aria-hidden="true" style={{ '--share': `${all > 0 ? (100 * count) / all : 0}%` }} />
          </>
        );
        return (
          <li key={value} title={choose ? undefined : shownValue(value, TOLD)}>
            {choose ? (
              <button
                type="button"
                title={shownValue(value, TOLD)}
                aria-pressed={chosen?.has(value) ?? false}
                onClick={() => {
                  choose(value);
                }}
              >
                {line}
              </button>
            ) : (
              line
            )}
          </li>
        );
      })}
    </ul>
  );
}

function shownValue(value: string, most: number): string {
  return value === '' ? '(empty)' : visibleText(value.length > most ? `${value.slice(0, most)}…` : value);
}

/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerAssessment } from '../model/assessment/assessment.ts';
import type { Architecture, TodayState } from '../model/assessment/verdict.ts';
import type { ReportActions } from './actions.ts';
import type { EstateFilter } from './estateFilter.ts';
import { TODAY_WORD } from './words.ts';

type FitState = Architecture | 'unknown';
const LEFT: readonly TodayState[] = ['distributed', 'central', 'hybrid', 'mixed', 'none', 'unknown'];
const RIGHT: readonly FitState[] = ['distributed', 'central', 'hybrid', 'unknown'];
const WIDTH = 640;
const LEFT_EDGE = 132;
const RIGHT_EDGE = 508;
const BAR = 8;
const GAP = 16;
const ROOM = 190;
/** A block is at least so tall: its word stands beside it. */
const LEAST = 5;

interface Block<State> {
  readonly state: State;
  readonly count: number;
  readonly top: number;
  readonly height: number;
}

/** Where customers' logs live today and where they would fit; its bands and blocks filter the table. */
export function FlowPicture(props: {
  readonly customers: readonly CustomerAssessment[];
  readonly filter: EstateFilter;
  readonly actions?: ReportActions | undefined;
}) {
  const { customers, filter, actions } = props;
  const fitsOf = (one: CustomerAssessment): FitState => one.fit.best ?? 'unknown';
  const left = blocks(LEFT, (state) => customers.filter((one) => one.today.state === state).length);
  const right = blocks(RIGHT, (state) => customers.filter((one) => fitsOf(one) === state).length);
  const height = Math.max(...[...left, ...right].map(({ top, height: tall }) => top + tall)) + 10;
  const used = new Map<string, number>();
  const place = <State extends string>(block: Block<State>, side: string, part: number): readonly [number, number] => {
    const from = used.get(`${side}${block.state}`) ?? 0;
    used.set(`${side}${block.state}`, from + part);
    const scale = block.height / block.count;
    return [block.top + from * scale, block.top + (from + part) * scale];
  };
  const bands = left.flatMap((from) =>
    right.flatMap((to) => {
      const count = customers.filter((one) => one.today.state === from.state && fitsOf(one) === to.state).length;
      return count === 0 ? [] : [{ from, to, count, a: place(from, 'l', count), b: place(to, 'r', count) }];
    }),
  );
  const says = (word: string, list: readonly Block<TodayState>[]): string =>
    `${word}: ${list.map(({ state, count }) => `${count} ${TODAY_WORD[state]}`).join(', ')}.`;
  const press = (next: EstateFilter, on: boolean) =>
    actions
      ? {
          role: 'button' as const,
          tabindex: 0,
          'aria-pressed': on,
          onClick: () => {
            actions.filter(on ? {} : next);
          },
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key !== 'Enter' && event.key !== ' ') return;
            event.preventDefault();
            actions.filter(on ? {} : next);
          },
        }
      : {};
  return (
    <svg
      class="flow"
      viewBox={`0 0 ${WIDTH} ${height}`}
      {...(actions
        ? { role: 'group' as const, 'aria-label': 'Where the logs live today, and where they would fit' }
        : { role: 'img' as const, 'aria-label': `${says('Today', left)} ${says('Fits', right)}` })}
    >
      <text x={LEFT_EDGE - 10} y="12" class="dim end">
        today
      </text>
      <text x={RIGHT_EDGE + 10} y="12" class="dim">
        fits
      </text>
      {bands.map(({ from, to, count, a, b }) => {
        const on = filter.today === from.state && filter.fits === to.state;
        const label = `${count} ${TODAY_WORD[from.state]} today, ${to.state === 'unknown' ? 'not known what fits' : `${to.state} fits`}`;
        const middle = (LEFT_EDGE + RIGHT_EDGE) / 2;
        return (
          <path
            key={`${from.state}-${to.state}`}
            class={`band ${to.state}${on ? ' on' : ''}`}
            d={`M${LEFT_EDGE} ${a[0]}C${middle} ${a[0]} ${middle} ${b[0]} ${RIGHT_EDGE} ${b[0]}V${b[1]}C${middle} ${b[1]} ${middle} ${a[1]} ${LEFT_EDGE} ${a[1]}Z`}
            {...(actions ? { 'aria-label': label } : {})}
            {...press({ today: from.state, fits: to.state }, on)}
          >
            <title>{label}</title>
          </path>
        );
      })}
      {left.map(({ state, count, top, height: tall }) => {
        const on = filter.today === state && filter.fits === undefined;
        return (
          <g
            key={state}
            class={on ? 'block on' : 'block'}
            {...(actions ? { 'aria-label': `${count} ${TODAY_WORD[state]}, today` } : {})}
            {...press({ today: state }, on)}
          >
            <rect class={`fill ${state}`} x={LEFT_EDGE - BAR} y={top} width={BAR} height={tall} />
            <text class="end" x={LEFT_EDGE - BAR - 8} y={top + tall / 2 + 4}>
              {count} {TODAY_WORD[state]}
            </text>
          </g>
        );
      })}
      {right.map(({ state, count, top, height: tall }) => {
        const on = filter.fits === state && filter.today === undefined;
        return (
          <g
            key={state}
            class={on ? 'block on' : 'block'}
            {...(actions ? { 'aria-label': `${count} ${TODAY_WORD[state]}, by what fits` } : {})}
            {...press({ fits: state }, on)}
          >
            <rect class={`fill ${state}`} x={RIGHT_EDGE} y={top} width={BAR} height={tall} />
            <text x={RIGHT_EDGE + BAR + 8} y={top + tall / 2 + 4}>
              {count} {TODAY_WORD[state]}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** Blocks one under the other, tall by their count; none that is empty. */
function blocks<State extends string>(states: readonly State[], countOf: (state: State) => number): Block<State>[] {
  const counts = states.map((state) => ({ state, count: countOf(state) })).filter(({ count }) => count > 0);
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  let top = 22;
  return counts.map(({ state, count }) => {
    const height = Math.max(LEAST, (ROOM * count) / all);
    const block = { state, count, top, height };
    top += height + GAP;
    return block;
  });
}

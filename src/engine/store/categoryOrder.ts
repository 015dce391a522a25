import type { ChartSeries } from '../../model/rows.ts';
import { MONTHS } from '../../model/values/datetime.ts';

const NUMBER = /^[-+]?\d+(?:\.\d+)?$/;
const TIME = /^\d{4}-\d\d(?:-\d\d(?:[T ][\d:.]+Z?)?)?$/;
const WORDS = [['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], MONTHS];

/**
 * Series with their categories in an order that says something: their own where they have one (numbers, times, days,
 * months), else the largest total first, equal ones as they came. With `lastIsRest` the last category stands for others
 * and stays the last.
 */
export function inOrder(series: readonly ChartSeries[], lastIsRest: boolean): ChartSeries[] {
  const totals = new Map<string, number>();
  for (const { x, y } of series)
    x.forEach((at, index) => {
      const key = String(at);
      totals.set(key, (totals.get(key) ?? 0) + Math.abs(y[index] ?? 0));
    });
  const rest = lastIsRest ? restOf(series) : undefined;
  const categories = [...totals.keys()].filter((category) => category !== rest);
  const own = ownOrder(categories);
  const order = own
    ? categories.toSorted((a, b) => own(a) - own(b))
    : categories.toSorted((a, b) => totals.get(b)! - totals.get(a)!);
  const places = new Map([...order, ...(rest === undefined ? [] : [rest])].map((category, place) => [category, place]));
  const place = ({ x }: ChartSeries, index: number): number => places.get(String(x[index]))!;
  return series.map((one) => {
    const by = one.x.map((_, index) => index).sort((a, b) => place(one, a) - place(one, b));
    return { ...one, x: by.map((index) => one.x[index]!), y: by.map((index) => one.y[index]!) };
  });
}

/** What stands for the others comes last in every series that has it. */
function restOf(series: readonly ChartSeries[]): string | undefined {
  const last = series.map(({ x }) => x.at(-1)).find((at) => typeof at === 'string' && /^\d+ others$/.test(at));
  return last === undefined ? undefined : String(last);
}

function ownOrder(categories: readonly string[]): ((category: string) => number) | undefined {
  const named = categories.filter((category) => category !== '');
  if (named.length === 0) return undefined;
  if (named.every((category) => NUMBER.test(category))) return (category) => (category ? Number(category) : Infinity);
  if (named.every((category) => TIME.test(category)))
    return (category) => (category ? Date.parse(category.replace(' ', 'T')) : Infinity);
  for (const words of WORDS) {
    const at = (category: string): number =>
      category.length >= 3 ? words.findIndex((word) => word.startsWith(category.toLowerCase())) : -1;
    if (named.every((category) => at(category) >= 0)) return (category) => (category ? at(category) : Infinity);
  }
  return undefined;
}

/** What somebody said of one column; what is absent is as it is by default. */
export interface ColumnChoice {
  readonly name: string;
  readonly hidden?: boolean;
  /** It stays in view while the others scroll sideways. */
  readonly frozen?: boolean;
}

/**
 * How the columns of a query's answers are arranged, by name: it outlives the answer, so names may be of columns that
 * the next one has not.
 */
export interface ColumnLayout {
  readonly choices: readonly ColumnChoice[];
  /** All columns in the order they were put in; empty where nobody moved any. Others come behind them. */
  readonly order: readonly string[];
}

/** Columns as they come. */
export const EMPTY_LAYOUT: ColumnLayout = { choices: [], order: [] };

/** Whether nothing is arranged. */
export function isEmptyLayout({ choices, order }: ColumnLayout): boolean {
  return choices.length === 0 && order.length === 0;
}

/** Most names in one layout, twice as many as an answer may have columns. */
const MOST_NAMES = 10_000;

/** Guards what comes from a page or back from disk. */
export function isColumnLayout(value: unknown): value is ColumnLayout {
  if (typeof value !== 'object' || value === null) return false;
  const { choices, order } = value as { readonly choices?: unknown; readonly order?: unknown };
  return (
    Array.isArray(order) &&
    order.length <= MOST_NAMES &&
    order.every((name) => typeof name === 'string') &&
    Array.isArray(choices) &&
    choices.length <= MOST_NAMES &&
    choices.every(isColumnChoice)
  );
}

function isColumnChoice(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, hidden, frozen } = value as Readonly<Record<string, unknown>>;
  const yesOrNo = (said: unknown): boolean => said === undefined || typeof said === 'boolean';
  return typeof name === 'string' && yesOrNo(hidden) && yesOrNo(frozen);
}

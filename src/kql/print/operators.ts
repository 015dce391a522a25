/** How strongly operators of KQL bind: what stands in an operand of a higher level needs no parentheses. */
export const LEVEL = { any: 0, or: 1, and: 2, comparison: 3, sum: 4, product: 5, sign: 6, primary: 7 } as const;

const COMPARISONS = [
  ...['==', '!=', '<', '<=', '>', '>=', '=~', '!~', 'matches regex'],
  ...['has', 'contains', 'startswith', 'endswith', 'hasprefix', 'hassuffix'].flatMap((name) => [
    name,
    `!${name}`,
    `${name}_cs`,
    `!${name}_cs`,
  ]),
];

/** An operator between two operands: its own level, and those that its operands must have. */
export interface BinaryOperator {
  readonly level: number;
  readonly left: number;
  readonly right: number;
}

/** Operators between two operands by the names their calls have. */
export const BINARY: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  // Both sides alike: `and` and `or` have no order to keep.
  ['or', { level: LEVEL.or, left: LEVEL.or, right: LEVEL.or }],
  ['and', { level: LEVEL.and, left: LEVEL.and, right: LEVEL.and }],
  // Comparisons do not chain.
  ...COMPARISONS.map(
    (name) => [name, { level: LEVEL.comparison, left: LEVEL.sum, right: LEVEL.sum }] as [string, BinaryOperator],
  ),
  ['+', { level: LEVEL.sum, left: LEVEL.sum, right: LEVEL.product }],
  ['-', { level: LEVEL.sum, left: LEVEL.sum, right: LEVEL.product }],
  // A sign in front of a product is that of its first factor, which the parentheses say.
  ['*', { level: LEVEL.product, left: LEVEL.product, right: LEVEL.primary }],
  ['/', { level: LEVEL.product, left: LEVEL.product, right: LEVEL.primary }],
  ['%', { level: LEVEL.product, left: LEVEL.product, right: LEVEL.primary }],
]);

/** Operators with a list behind them. */
export const LISTS: ReadonlySet<string> = new Set(['in', '!in', 'in~', '!in~', 'has_any', 'has_all']);

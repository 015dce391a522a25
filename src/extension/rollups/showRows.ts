import { AppError } from '../../base/errors.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { RollupEntry } from './rollupNode.ts';

/**
 * A query over the centre's rows of an entry: the answer of a roll-up, the stored rows of a customer or workspace.
 * Throws `input.rollup` where nothing was stored yet.
 */
export function rowsQuery(entry: RollupEntry): string {
  const { name, names } = entry.kind === 'rollup' ? entry : entry.rollup;
  if (!names) throw new AppError('input.rollup', `Nothing of ${name} is stored yet. Run it first.`);
  const text = (value: string): string => JSON.stringify(value);
  const where =
    entry.kind === 'rollup'
      ? []
      : entry.kind === 'customer'
        ? [`| where _Customer == ${text(entry.name)}`]
        : [
            `| where _Customer == ${text(entry.line.customerName)}`,
            `| where _Workspace == ${text(entry.line.workspaceName)}`,
          ];
  const table = kqlName(entry.kind === 'rollup' ? names.answer : names.rows);
  return ['// @source lake', '// @scope all', table, ...where, '| take 1000', ''].join('\n');
}

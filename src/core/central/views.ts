import { AppError } from '../../base/errors.ts';
import { ownAlone } from '../../kql/across/ownAlone.ts';
import type { SourceTable } from '../../kql/scopeSchema.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { SavedQueryBody } from '../../model/savedQuery.ts';
import type { AttributionRule } from '../../model/sharedWorkspace.ts';

/** The category that our views have in a workspace. */
const CATEGORY = 'Tenantscope views';

/** Views as saved functions, and which of the customer's rows they do not give. */
export interface Views {
  readonly bodies: readonly SavedQueryBody[];
  readonly leftOut: readonly string[];
}

/**
 * Functions over a shared workspace that give one customer's rows: `contoso_Heartbeat()` for each table. The text names
 * nothing of other customers: whoever may read the workspace reads it. Throws `input.tables` for a table none of whose
 * columns tells the customer's rows.
 */
export function viewsOf(
  rules: readonly AttributionRule[],
  customer: { readonly key: CustomerKey; readonly name: string },
  tables: readonly SourceTable[],
): Views {
  const leftOut = new Set<string>();
  const bodies = tables.map(({ name, columns }): SavedQueryBody => {
    const alias = `${wordOf(customer.key)}_${name.replaceAll(/\W/g, '_')}`;
    const own = ownAlone({ rules, customer: customer.key }, columns);
    if (!own)
      throw new AppError(
        'input.tables',
        `No column of ${name} tells which rows are of ${customer.name}: a view of it would be empty. Leave it out, or write a rule.`,
      );
    for (const rows of own.leftOut) leftOut.add(rows);
    return {
      name: alias,
      text: [kqlName(name), ...own.operators].join('\n| '),
      description: `Rows of ${customer.name} in ${name}`,
      category: CATEGORY,
      tags: [],
      functionAlias: alias,
    };
  });
  return { bodies, leftOut: [...leftOut] };
}

/** A key as the begin of a name of KQL, no two keys as one: a view would take the place of another customer's. */
function wordOf(key: CustomerKey): string {
  const word = key.replaceAll(/[^A-Za-z0-9-]/gu, (letter) =>
    letter === '_' ? '__' : `_u${letter.codePointAt(0)!.toString(16)}_`,
  );
  return word.replaceAll('-', '_').replace(/^(?=\d)/, '_');
}

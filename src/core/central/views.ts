import { ownRowsText } from '../../kql/across/ownRows.ts';
import type { SourceTable } from '../../kql/scopeSchema.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { SavedQueryBody } from '../../model/savedQuery.ts';
import type { AttributionRule } from '../../model/sharedWorkspace.ts';

/** The category that our views have in a workspace. */
const CATEGORY = 'Tenantscope views';

/**
 * Functions over a shared workspace that give one customer's rows: `contoso_Heartbeat()` for each table. The text holds
 * what tells the customers apart.
 */
export function viewsOf(
  rules: readonly AttributionRule[],
  customer: { readonly key: CustomerKey; readonly name: string },
  tables: readonly SourceTable[],
): readonly SavedQueryBody[] {
  return tables.map(({ name, columns }) => {
    const alias = `${wordOf(customer.key)}_${name.replaceAll(/\W/g, '_')}`;
    return {
      name: alias,
      text: [kqlName(name), ...ownRowsText({ rules, customer: customer.key }, columns)].join('\n| '),
      description: `Rows of ${customer.name} in ${name}`,
      category: CATEGORY,
      tags: [],
      functionAlias: alias,
    };
  });
}

/** A key as the begin of a name of KQL, no two keys as one: a view would take the place of another customer's. */
function wordOf(key: CustomerKey): string {
  const word = key.replaceAll(/[^A-Za-z0-9-]/gu, (letter) =>
    letter === '_' ? '__' : `_u${letter.codePointAt(0)!.toString(16)}_`,
  );
  return word.replaceAll('-', '_').replace(/^(?=\d)/, '_');
}

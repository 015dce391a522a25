import { daxColumn, daxTable, daxText } from './daxText.ts';
import type { Fact } from './facts.ts';
import { differentNames, modelName } from './modelNames.ts';
import { ACCESS, CUSTOMERS } from './ownTables.ts';
import type { TmdlObject } from './tmdl.ts';

/** The role of everybody who is in the table of who may see whom. */
export const BY_SIGN_IN = 'Customer by sign-in';

/**
 * The roles of a model: one that looks up who is signed in, and one for each customer that was named. Whoever is in a
 * role sees the customer's rows and no more: of a table whose rows are of several customers together, none.
 */
export function rolesOf(facts: readonly Fact[], customers: readonly string[]): TmdlObject[] {
  if (!facts.some(({ customer }) => customer)) return [];
  const own = daxColumn(CUSTOMERS, 'Customer');
  const user = daxColumn(ACCESS, 'User');
  const unowned = facts.filter(({ customer }) => !customer).map(({ name }) => permission(name, 'FALSE()'));
  const names = differentNames(
    customers.map((customer) => modelName(customer, 'Customer')),
    [BY_SIGN_IN],
  );
  return [
    role(BY_SIGN_IN, [
      permission(
        CUSTOMERS,
        `CONTAINS(${daxTable(ACCESS)}, ${user}, USERPRINCIPALNAME(), ${daxColumn(ACCESS, 'Customer')}, ${own})`,
      ),
      permission(ACCESS, `${user} = USERPRINCIPALNAME()`),
      ...unowned,
    ]),
    ...customers.map((customer, i) =>
      role(names[i]!, [
        permission(CUSTOMERS, `${own} = ${daxText(customer)}`),
        permission(ACCESS, 'FALSE()'),
        ...unowned,
      ]),
    ),
  ];
}

function role(name: string, children: readonly TmdlObject[]): TmdlObject {
  return { kind: 'role', name, properties: [['modelPermission', 'read']], children };
}

function permission(table: string, expression: string): TmdlObject {
  return { kind: 'tablePermission', name: table, expression };
}

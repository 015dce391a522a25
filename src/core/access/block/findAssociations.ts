import type { CancelSignal } from '../../../base/cancel.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { AssociationFact, CollectionRule } from '../../../model/assessment/facts.ts';
import type { Customer, Estate, Workspace } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { AssessPort } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { readCollection } from './readCollection.ts';

/** An association of a customer's machine, with the rule it follows where that is seen. */
export interface FoundAssociation extends AssociationFact {
  /** Who owns the machine. */
  readonly tenant: TenantId;
  /** Whose token sees it. */
  readonly issuer: Issuer;
  /** Other workspaces (ARM ids) that the same rule sends to: they lose the machine's rows, too. */
  readonly alsoTo: readonly string[];
}

/** What there is between a customer's machines and a workspace, and what could not be looked into. */
export interface Associations {
  readonly found: readonly FoundAssociation[];
  /** Associations with rules that nobody here sees: where they send is not known. */
  readonly unknown: readonly AssociationFact[];
  /** Rules for programs (kind Direct) that send there, of the customer or of who owns the workspace. */
  readonly direct: readonly CollectionRule[];
  readonly problems: readonly { readonly tenant: TenantId; readonly error: AppErrorData }[];
}

/**
 * The associations by which the customer's machines send to the workspace. Machines of other customers are never among
 * them, though they follow the same rules: what counts is whose tenant the machine lies in. `machines` (ARM ids, lower
 * case) lie elsewhere and are the customer's all the same.
 */
export async function findAssociations(
  estate: Estate,
  customer: Customer,
  workspace: Workspace,
  assess: Pick<AssessPort, 'graph'>,
  signal: CancelSignal,
  machines: ReadonlySet<string> = new Set(),
): Promise<Associations> {
  const centre = workspace.paths.map(({ account, issuer }): Issuer => ({ account, tenant: issuer }));
  const { rules, associations, problems } = await readCollection(estate, customer, centre, assess, signal, machines);
  const target = workspace.armId.toLowerCase();
  const found: FoundAssociation[] = [];
  const unknown: AssociationFact[] = [];
  for (const association of associations) {
    const rule = rules.get(association.rule);
    if (!rule) unknown.push(association);
    else if (rule.workspaces.includes(target))
      found.push({ ...association, alsoTo: rule.workspaces.filter((other) => other !== target) });
  }
  const tenants = new Set([...customer.tenants, workspace.tenant]);
  const direct = [...rules.values()].filter(
    (rule) => rule.direct && rule.workspaces.includes(target) && tenants.has(rule.tenant),
  );
  return { found, unknown, direct, problems };
}

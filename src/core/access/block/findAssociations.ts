import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { AssociationFact, CollectionRule } from '../../../model/assessment/facts.ts';
import type { Customer, Estate, Workspace } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { AssessPort, GraphAnswers } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { distinctIssuers, sightOf } from '../../assess/measure/sight.ts';

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
  readonly problems: readonly { readonly tenant: TenantId; readonly error: AppErrorData }[];
}

/**
 * The associations by which the customer's machines send to the workspace. Machines of other customers are never among
 * them, though they follow the same rules: what counts is whose tenant the machine lies in.
 */
export async function findAssociations(
  estate: Estate,
  customer: Customer,
  workspace: Workspace,
  assess: Pick<AssessPort, 'graph'>,
  signal: CancelSignal,
): Promise<Associations> {
  const tenants = estate.tenants.filter((tenant) => tenant.customer === customer.key);
  const own = estate.workspaces.filter((one) => one.customer === customer.key);
  const sight = sightOf(estate, tenants, own);
  const centre = workspace.paths.map(({ account, issuer }): Issuer => ({ account, tenant: issuer }));
  const problems: { tenant: TenantId; error: AppErrorData }[] = tenants.flatMap(({ id, state, error, name }) =>
    state === 'entered' || sight.has(id)
      ? []
      : [
          {
            tenant: id,
            error: error ?? { code: 'access.noPath', message: `Nobody entered ${name}.`, retryable: false },
          },
        ],
  );
  const ask = async <Name extends 'rules' | 'associations'>(
    name: Name,
    issuer: Issuer,
  ): Promise<{ readonly value?: GraphAnswers[Name]; readonly unknown?: ReadonlyMap<TenantId, AppErrorData> }> => {
    try {
      return await assess.graph(name, issuer, signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled') throw error;
      problems.push({ tenant: issuer.tenant, error: error.toData() });
      return {};
    }
  };
  const issuers = distinctIssuers([...sight.values()].flat());
  const rules = new Map<string, CollectionRule>();
  await Promise.all(
    distinctIssuers([...issuers, ...centre]).map(async (issuer) => {
      const { value } = await ask('rules', issuer);
      for (const rule of [...(value?.values() ?? [])].flat()) rules.set(rule.id, rule);
    }),
  );
  const found = new Map<string, FoundAssociation>();
  const unknown = new Map<string, AssociationFact>();
  const target = workspace.armId.toLowerCase();
  const mine = new Set(tenants.map(({ id }) => id));
  for (const [issuer, answer] of await Promise.all(
    issuers.map(async (one) => [one, await ask('associations', one)] as const),
  )) {
    for (const [tenant, error] of answer.unknown ?? []) if (mine.has(tenant)) problems.push({ tenant, error });
    for (const [tenant, associations] of answer.value ?? []) {
      if (!mine.has(tenant)) continue;
      for (const association of associations) {
        const id = association.id.toLowerCase();
        const rule = rules.get(association.rule);
        if (!rule) unknown.set(id, association);
        else if (rule.workspaces.includes(target) && !found.has(id))
          found.set(id, {
            ...association,
            tenant,
            issuer,
            alsoTo: rule.workspaces.filter((other) => other !== target),
          });
      }
    }
  }
  const byId = (a: AssociationFact, b: AssociationFact): number => a.id.localeCompare(b.id);
  return { found: [...found.values()].sort(byId), unknown: [...unknown.values()].sort(byId), problems };
}

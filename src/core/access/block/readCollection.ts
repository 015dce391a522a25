import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { AssociationFact, CollectionRule } from '../../../model/assessment/facts.ts';
import type { Customer, Estate } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { AssessPort, GraphAnswers } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { distinctIssuers, sightOf } from '../../assess/measure/sight.ts';

/** Something of a tenant, and whose token sees it. */
interface Seen {
  readonly tenant: TenantId;
  readonly issuer: Issuer;
}

/** What collects rows from a customer's resources, as far as anybody signed in sees it. */
export interface Collection {
  /** Those of the customer's tenants, and those that `beside` sees. By lower-case ARM id. */
  readonly rules: ReadonlyMap<string, CollectionRule & Seen>;
  /** Those of machines in the customer's tenants, and of `machines`. */
  readonly associations: readonly (AssociationFact & Seen)[];
  readonly problems: readonly { readonly tenant: TenantId; readonly error: AppErrorData }[];
}

/**
 * Rules and associations of a customer: two questions to Resource Graph for each token that sees its tenants, one for
 * each of `beside`, who see rules that lie elsewhere. `machines`: others (ARM ids, lower case) that are the customer's,
 * wherever they lie. Never rejects but for a cancellation.
 */
export async function readCollection(
  estate: Estate,
  customer: Customer,
  beside: readonly Issuer[],
  assess: Pick<AssessPort, 'graph'>,
  signal: CancelSignal,
  machines: ReadonlySet<string> = new Set(),
): Promise<Collection> {
  const tenants = estate.tenants.filter((tenant) => tenant.customer === customer.key);
  const own = estate.workspaces.filter((one) => one.customer === customer.key);
  const sight = sightOf(estate, tenants, own);
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
  const mine = new Set(tenants.map(({ id }) => id));
  const ask = async <Name extends 'rules' | 'associations'>(
    name: Name,
    issuer: Issuer,
  ): Promise<GraphAnswers[Name] | undefined> => {
    try {
      const { value, unknown } = await assess.graph(name, issuer, signal);
      for (const [tenant, error] of unknown ?? []) if (mine.has(tenant)) problems.push({ tenant, error });
      return value;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled') throw error;
      problems.push({ tenant: issuer.tenant, error: error.toData() });
      return undefined;
    }
  };
  const issuers = distinctIssuers([...sight.values()].flat());
  const asked = distinctIssuers([...issuers, ...beside]);
  const each = <Name extends 'rules' | 'associations'>(name: Name, asked: readonly Issuer[]) =>
    Promise.all(asked.map(async (issuer) => [issuer, await ask(name, issuer)] as const));
  const rules = new Map<string, CollectionRule & Seen>();
  for (const [issuer, answer] of await each('rules', asked))
    for (const [tenant, some] of answer ?? [])
      for (const rule of some) if (!rules.has(rule.id)) rules.set(rule.id, { ...rule, tenant, issuer });
  const associations = new Map<string, AssociationFact & Seen>();
  for (const [issuer, answer] of await each('associations', machines.size > 0 ? asked : issuers))
    for (const [tenant, some] of answer ?? [])
      for (const one of mine.has(tenant) ? some : some.filter(({ machine }) => machines.has(machine))) {
        const id = one.id.toLowerCase();
        if (!associations.has(id)) associations.set(id, { ...one, tenant, issuer });
      }
  return {
    rules,
    associations: [...associations.values()].sort((a, b) => a.id.localeCompare(b.id)),
    problems,
  };
}

import { AppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Estate } from '../../model/estate.ts';
import type { CustomerKey, SubscriptionId, TenantId } from '../../model/ids.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { Scope } from '../../model/scope.ts';
import type { GraphPort } from '../../ports/graph.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { resolveSubscriptions } from '../estate/scopeSubscriptions.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import { graphTargets } from '../runs/graph/graphTargets.ts';

/** A row of Resource Graph by the names of its columns, and whose it is. */
export interface GraphRow {
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly tenant: TenantId;
  readonly issuer: Issuer;
  text(column: string): string;
}

/** Rows of everybody who answered, and who did not. */
export interface GraphRows {
  readonly rows: readonly GraphRow[];
  readonly missing: readonly { readonly who: string; readonly why: string }[];
}

/** Requests at once; the client keeps to the quota that each answer tells. */
const AT_ONCE = 4;

interface Asked {
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly tenant: TenantId;
  readonly name: string;
  readonly issuer?: Issuer;
  readonly subscriptions: readonly SubscriptionId[];
}

/**
 * One query of Resource Graph to the subscriptions of a scope, each customer's by a request of its own. Rejects with
 * `input.scope` for a scope that nobody has; who fails is missing.
 */
export async function askGraph(
  query: string,
  scope: Scope,
  { estate, graph, signal }: { readonly estate: Estate; readonly graph: GraphPort; readonly signal: CancelSignal },
): Promise<GraphRows> {
  const { subscriptions, problems, gaps } = resolveSubscriptions(scope, estate);
  const [problem] = problems;
  if (problem) throw new AppError('input.scope', problem.message);
  const targets = graphTargets(subscriptions, estate).flatMap(({ way, target }): Asked[] =>
    target.kind === 'subscriptions'
      ? [
          {
            customer: target.customer,
            customerName: target.customerName,
            tenant: target.tenant,
            name: target.name,
            ...(way ? { issuer: way.issuer } : {}),
            subscriptions: target.subscriptions,
          },
        ]
      : [],
  );
  const rows: GraphRow[] = [];
  const missing = gaps.map(({ customerName, tenantName, error }) => ({
    who: `${customerName}/${tenantName}`,
    why: error?.message ?? 'The tenant could not be entered.',
  }));
  const settled = await fanOut({
    targets,
    name: 'alerts',
    quota: new Limiter(AT_ONCE),
    signal,
    work: (target, attempt) => {
      const { issuer, subscriptions: of } = target;
      if (!issuer) throw new AppError('access.noPath', 'No signed-in account reaches it. Sign in, or ask for access.');
      return graph.query({ issuer, subscriptions: of, query }, attempt.signal);
    },
  });
  for (const { target, outcome } of settled) {
    const who = `${target.customerName}/${target.name}`;
    if (!outcome.ok) {
      missing.push({ who, why: outcome.error.message });
      continue;
    }
    const { tables, partial } = outcome.value;
    if (partial) missing.push({ who, why: partial.message });
    const [table] = tables;
    // Resource Graph's rows are no pages: the client has brought them all.
    if (!table || !Array.isArray(table.rows)) continue;
    const names = new Map(table.columns.map(({ name }, at) => [name, at]));
    for (const row of table.rows as readonly (readonly Cell[])[])
      rows.push({
        customer: target.customer,
        customerName: target.customerName,
        tenant: target.tenant,
        issuer: target.issuer!,
        text: (column) => cellText(row[names.get(column) ?? -1] ?? null),
      });
  }
  return { rows, missing };
}

function cellText(cell: Cell): string {
  return cell === null ? '' : String(cell);
}

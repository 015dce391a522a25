import { counted } from '../../base/counted.ts';
import { whose } from '../../core/provision/whose.ts';
import type { Estate } from '../../model/estate.ts';
import type { TenantId } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { plainLabel } from '../platform/plainLabel.ts';

/** A plan as a line to choose: whose it is, in which tenant (a customer may have several), and how much it changes. */
export function planItem(
  { customer, plan }: { readonly customer: string; readonly plan: Pick<Plan, 'about' | 'changes'> },
  estate: Estate,
): { readonly label: string; readonly description: string } {
  const tenant = plan.about.find(({ what, id }) => what === 'Tenant' && id !== undefined)?.id;
  const changes = counted(plan.changes.length, 'change');
  return {
    label: plainLabel(customer),
    description: tenant === undefined ? changes : plainLabel(`${whose(estate, tenant as TenantId).told} · ${changes}`),
  };
}

import { customerSubject, seen } from '../look/overWorkspaces.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';

const MOST = { workspaces: 100, regions: 20 };
const SLOW = { workspaces: 24, regions: 4 };

/** The estate is larger than one query of the service can span. */
export const estatePastLimits: Check = {
  id: 'estatePastLimits',
  title: 'One query of the service can span the estate',
  severity: 'medium',
  rule:
    'The estate has more than 100 workspaces or lies in more than 20 regions: medium. It has more than 24 workspaces or lies in 5 regions ' +
    'or more: low. Said of the provider alone.',
  why:
    'The service refuses a query over more than 100 workspaces or over 20 regions, and slows down long before. Alert rules, workbooks and the ' +
    'portal are bound by this; this product is not, it asks workspace by workspace.',
  remedy:
    'Give each customer alert rules of its own, and pull what is compared over all of them to a centre as a summary.',
  facts: [],
  judge(customer) {
    if (!customer.provider)
      return { findings: [], unknown: [], notApplicable: "The size of the estate is the provider's matter." };
    const { workspaces, regions } = customer.estate;
    const past = workspaces > MOST.workspaces || regions > MOST.regions;
    if (!past && workspaces <= SLOW.workspaces && regions <= SLOW.regions) return { findings: [], unknown: [] };
    const limit = past ? MOST : SLOW;
    const beyond = [
      ...(workspaces > limit.workspaces ? [count(workspaces, 'workspace')] : []),
      ...(regions > limit.regions ? [count(regions, 'region')] : []),
    ];
    return {
      findings: [
        {
          severity: past ? 'medium' : 'low',
          subject: customerSubject(customer),
          title: `The estate of ${customer.customer.name} has ${list(beyond)}: one query over all of it ${past ? 'is refused' : 'is slow'}`,
          evidence: [
            { text: `${count(workspaces, 'workspace')} in ${count(regions, 'region')}`, measured: seen(customer) },
          ],
          internal: true,
        },
      ],
      unknown: [],
    };
  },
};

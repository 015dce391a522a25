import { declaredIn, overOwn, valueOf } from '../look/overWorkspaces.ts';
import { billedPerDay } from '../look/volumes.ts';
import { gigabytes } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** Nothing limits what the provider pays for a customer's workspace. */
export const noCap: Check = {
  id: 'noCap',
  title: 'A daily cap limits what we pay',
  severity: 'low',
  rule: 'The customers file says that the provider pays, and a workspace of the customer has no daily cap.',
  why: "One verbose setting or a loop can send a year's volume in a day, and the provider gets the bill.",
  remedy: 'Set a cap well above the usual day, with an alert below it: what comes after the cap is lost.',
  facts: ['configuration'],
  judge(customer) {
    if (customer.customer.declared?.billing !== 'provider')
      return { findings: [], unknown: [], notApplicable: 'The provider is not declared to pay.' };
    return overOwn(customer, 'configuration', (facts, subject, unknown) => {
      const configuration = known(facts.configuration, 'configuration', subject, unknown);
      if (!configuration || configuration.dailyCapGb !== undefined) return;
      const usage = valueOf(facts.usage);
      const mean = usage && billedPerDay(usage);
      // Twice the usual day, in whole GB; a person sees it before it is set.
      const gb = mean ? { gb: Math.max(1, Math.ceil(mean * 2)) } : {};
      return {
        severity: 'low',
        subject,
        title: `${subject.name} has no daily cap${mean === undefined ? '' : `; its usual day is ${gigabytes(mean)}`}`,
        evidence: [
          { text: 'No daily cap is set', measured: facts.configuration },
          { text: 'The provider pays', measured: declaredIn(customer, 'billing') },
        ],
        actions: [{ kind: 'setCap', workspace: facts.workspace.key, ...gb }],
        internal: true,
      };
    });
  },
};

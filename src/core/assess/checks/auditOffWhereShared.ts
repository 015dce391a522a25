import { auditSettings } from '../look/audit.ts';
import { overParts } from '../look/overWorkspaces.ts';
import { count } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** Nobody can tell who read a workspace that several customers share. */
export const auditOffWhereShared: Check = {
  id: 'auditOffWhereShared',
  title: 'It is recorded who queries a shared workspace',
  severity: 'medium',
  rule:
    'A workspace of the provider holds rows of this customer and of at least one other, and none of its diagnostic settings has the ' +
    'category Audit (or the group audit or allLogs).',
  why: "Whoever may read a shared workspace can read every customer's rows. Without the audit nobody can say afterwards who did.",
  remedy: 'Add a diagnostic setting with the category Audit to the workspace. Its table is LAQueryLogs.',
  facts: ['diagnostics'],
  judge(customer) {
    return overParts(customer, ({ shared, customers }, subject, unknown) => {
      if (customers < 2) return;
      const settings = known(shared.diagnostics, 'diagnostics', subject, unknown);
      if (!settings || auditSettings(settings).length > 0) return;
      return {
        severity: 'medium',
        subject,
        title: `Nothing records who queries ${subject.name}, which ${customers} customers share`,
        evidence: [
          {
            text: `${count(settings.length, 'diagnostic setting')}, none with the category Audit`,
            measured: shared.diagnostics,
          },
        ],
        actions: [{ kind: 'openPortal', armId: shared.workspace.armId }],
        internal: true,
      };
    });
  },
};

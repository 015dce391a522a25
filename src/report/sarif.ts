import type { Assessment } from '../model/assessment/assessment.ts';
import type { Severity } from '../model/assessment/findings.ts';

/** What a rule of a check is called and says. */
export interface SarifRule {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly remedy: string;
}

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};
/** What code scanning orders by. */
const SECURITY: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.0', low: '2.0' };

/**
 * All findings as SARIF 2.1.0. A finding lies in no file, so its place is logical: customer and subject. `fingerprints`
 * stay the same from one assessment to the next.
 */
export function assessmentSarif(assessment: Assessment, version: string, rules: readonly SarifRule[]): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Tenantscope',
            version,
            rules: rules.map(({ id, title, rule, remedy }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: rule },
              help: { text: remedy },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: !assessment.cancelled,
            endTimeUtc: new Date(Date.parse(assessment.at) + assessment.ms).toISOString(),
            toolExecutionNotifications: assessment.customers
              .filter(({ assessed }) => !assessed)
              .map(({ name, sentence }) => ({ level: 'warning', message: { text: `${name}: ${sentence}` } })),
          },
        ],
        results: assessment.customers.flatMap(({ key, name, findings }) =>
          findings.map(({ check, severity, title, subject, why, remedy }) => ({
            ruleId: check,
            level: LEVEL[severity],
            message: { text: `${title}. ${why} ${remedy}` },
            locations: [
              {
                logicalLocations: [
                  {
                    name: subject.name,
                    fullyQualifiedName: `${name}/${subject.name}`,
                    kind: subject.kind === 'workspace' || subject.kind === 'table' ? 'resource' : 'module',
                  },
                ],
              },
            ],
            fingerprints: { 'tenantscope/v1': [key, check, subject.kind, subject.name].join('/') },
            properties: { customer: name, severity, 'security-severity': SECURITY[severity] },
          })),
        ),
      },
    ],
  };
}

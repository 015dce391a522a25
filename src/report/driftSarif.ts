import type { BaselineSection } from '../model/baselineSection.ts';
import type { Drift, DriftReport, DriftSeverity } from '../model/drift.ts';
import { changedText, differenceText, settingText } from '../model/driftTexts.ts';

const LEVEL: Readonly<Record<DriftSeverity, 'error' | 'warning' | 'note'>> = {
  high: 'error',
  medium: 'warning',
  low: 'note',
};
/** What code scanning orders by. */
const SECURITY: Readonly<Record<DriftSeverity, string>> = { high: '8.0', medium: '5.0', low: '2.0' };

const RULES: Readonly<Record<BaselineSection, string>> = {
  workspace: 'Settings of workspaces are as agreed',
  tags: 'Subscriptions and resource groups are tagged as agreed',
  tables: 'Tables have the plan and the retention that were agreed',
  functions: 'Functions are stored as agreed',
  savedQueries: 'Saved queries are there as agreed',
  collectionRules: 'Machines send what was agreed',
  diagnosticSettings: 'Logs of Azure go where was agreed',
  actionGroups: 'Action groups tell whom was agreed',
  alerts: 'Alert rules are as agreed',
  delegations: 'What is delegated is what was agreed',
  locks: 'Locks are there as agreed',
};

/**
 * A check of the baseline as SARIF 2.1.0. A difference lies in no file, so its place is logical: customer and setting.
 * What could not be read is a notification of the tool, never silence.
 */
export function driftSarif({ at, ms, drift, unknown, cancelled }: DriftReport, version: string): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Tenantscope',
            version,
            rules: Object.entries(RULES).map(([section, text]) => ({
              id: `baseline/${section}`,
              shortDescription: { text },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: !cancelled,
            endTimeUtc: new Date(Date.parse(at) + ms).toISOString(),
            toolExecutionNotifications: unknown.map(({ customerName, where, error, ...one }) => ({
              level: 'warning',
              message: { text: `${customerName}, ${where}, ${settingText(one)}: ${error.message}` },
            })),
          },
        ],
        results: drift.map(toResult),
      },
    ],
  };
}

function toResult(one: Drift): object {
  const { customer, customerName, section, name, where, target, severity } = one;
  return {
    ruleId: `baseline/${section}`,
    level: LEVEL[severity],
    message: {
      text: `${customerName}, ${where}, ${settingText(one)}: ${differenceText(one)}. ${changedText(one)}`.trim(),
    },
    locations: [
      {
        logicalLocations: [
          { name, fullyQualifiedName: `${customerName}/${where}/${section}/${name}`, kind: 'resource' },
        ],
      },
    ],
    fingerprints: { 'tenantscope/v1': [customer, section, target.toLowerCase(), name].join('/') },
    properties: { customer: customerName, severity, 'security-severity': SECURITY[severity] },
  };
}

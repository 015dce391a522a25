import { AppError } from '../../../base/errors.ts';
import type { Difference } from '../../../model/plan.ts';
import type { SummaryRule, SummaryRuleBody } from '../../../model/summaryRule.ts';
import type { SummaryRulesPort } from '../../../ports/summaryRules.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';
import { templateText } from '../../changes/export.ts';

/** What is wanted of a summary rule, and what its workspace is called; `absent` where it is to go. */
export interface WantedSummaryRule extends SummaryRuleBody {
  readonly place: string;
  readonly absent?: true;
}

const VERSION = '2025-07-01';

/** Summary rules of workspaces, as plans change them. */
export function summaryRuleHandler(
  port: Pick<SummaryRulesPort, 'rule' | 'putRule' | 'startRule' | 'deleteRule'>,
): ChangeHandler<WantedSummaryRule, SummaryRule> {
  return {
    resource: 'summaryRule',
    noun: 'summary rule',
    read: ({ target }, { issuer, signal }) => port.rule(issuer, target, signal),
    diff: ({ target, wanted }, now) => diff(nameOf(target), wanted, now),
    apply: async ({ target, wanted }, action, { issuer, signal }) => {
      if (action === 'delete') return port.deleteRule(issuer, target, signal);
      const now = await port.rule(issuer, target, signal);
      // Where its bins begin stays as it is: another beginning would count rows twice, or not at all.
      await port.putRule(issuer, target, { ...wanted, ...(now?.start ? { start: now.start } : {}) }, signal);
      if (now && !now.active) await port.startRule(issuer, target, signal);
    },
    verify: ({ target, wanted }, now) => {
      if (wanted.absent) return now ? { state: 'pending', what: 'it is still there' } : { state: 'verified' };
      if (!now) return { state: 'pending', what: `summary rule ${nameOf(target)} is not shown yet` };
      const [different] = differencesOf(now, wanted);
      if (!different) return { state: 'verified' };
      if (different.name === 'State') return { state: 'pending', what: 'it has not begun yet' };
      return {
        state: 'different',
        message: `The service keeps another ${different.name.toLowerCase()} of summary rule ${nameOf(target)} than was sent.`,
      };
    },
    describe: (_intent, now) => now && `summary rule ${now.name}${now.active ? '' : ', stopped'}`,
    commands: ({ target, wanted }, action) => [
      action === 'delete'
        ? ['rest', '--method', 'delete', '--url', `${target}?api-version=${VERSION}`]
        : [
            ...['rest', '--method', 'put', '--url', `${target}?api-version=${VERSION}`],
            ...['--body', JSON.stringify({ properties: propertiesOf(wanted, (text) => text) })],
          ],
    ],
    requests: ({ target }, action) =>
      action === 'delete' ? [{ method: 'DELETE', path: target, apiVersion: VERSION }] : [],
    templateResources: ({ target, wanted }, action) =>
      action === 'delete'
        ? []
        : [
            {
              type: 'Microsoft.OperationalInsights/workspaces/summaryLogs',
              apiVersion: VERSION,
              name: `${placeOf(target)}/${nameOf(target)}`,
              properties: propertiesOf(wanted, templateText),
            },
          ],
  };
}

function diff(name: string, wanted: WantedSummaryRule, now: SummaryRule | undefined): Effect {
  const { place, table, binMinutes, delayMinutes, start } = wanted;
  const detail = `In ${place}: every ${binMinutes} minutes, into ${table}`;
  if (wanted.absent)
    return now
      ? {
          action: 'delete',
          title: `Remove summary rule ${name}`,
          detail: `Of ${place}; ${table} stays`,
          differences: [],
        }
      : { action: 'none', title: `There is no summary rule ${name}`, detail: `In ${place}`, differences: [] };
  const late = `Rows that come to ${place} more than ${delayMinutes ?? 'some'} minutes after the end of their ${binMinutes} minutes are never counted by the rule, and it counts nothing from before ${start ?? 'the next whole hour'}.`;
  if (!now) return { action: 'create', title: `Make summary rule ${name}`, detail, differences: [], warnings: [late] };
  const differences = differencesOf(now, wanted);
  if (differences.length === 0)
    return { action: 'none', title: `Summary rule ${name} is there already`, detail, differences };
  const gap = now.active
    ? []
    : [
        now.stopped === 'DataPlaneError'
          ? `The service stopped ${name} after eight bins that failed: see LASummaryLogs in ${place}. It starts with the next whole hour; bins that were missed stay missed.`
          : `${name} was stopped. It starts with the next whole hour; bins that were missed stay missed.`,
      ];
  return {
    action: 'update',
    title: `Change summary rule ${name}`,
    detail,
    differences,
    basis: JSON.stringify(now),
    warnings: [...gap, late],
  };
}

function differencesOf(now: SummaryRule, wanted: SummaryRuleBody): readonly Difference[] {
  const told = (minutes: number | undefined): string => (minutes === undefined ? 'the default' : `${minutes} minutes`);
  const kql = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim();
  const settings: readonly (readonly [string, string, string])[] = [
    ['Query', kql(now.query), kql(wanted.query)],
    ['Bin', told(now.binMinutes), told(wanted.binMinutes)],
    ['Delay', told(now.delayMinutes), told(wanted.delayMinutes)],
    ['Table', now.table.toLowerCase(), wanted.table.toLowerCase()],
    ['State', now.active ? 'active' : 'stopped', 'active'],
  ];
  return settings
    .filter(([, before, after]) => before !== after)
    .map(([name, before, after]) => ({ name, before: before.slice(0, 120), after: after.slice(0, 120) }));
}

function propertiesOf(wanted: WantedSummaryRule, text: (text: string) => string): object {
  const { description, query, binMinutes, delayMinutes, start, table } = wanted;
  return {
    ruleType: 'User',
    description: text(description),
    ruleDefinition: {
      query: text(query),
      binSize: binMinutes,
      destinationTable: table,
      timeSelector: 'TimeGenerated',
      ...(delayMinutes === undefined ? {} : { binDelay: delayMinutes }),
      ...(start === undefined ? {} : { binStartTime: start }),
    },
  };
}

function nameOf(target: string): string {
  return target.slice(target.lastIndexOf('/') + 1);
}

function placeOf(target: string): string {
  const workspace = /\/workspaces\/([^/]+)\/summaryLogs\//i.exec(target)?.[1];
  if (workspace) return workspace;
  throw new AppError('bug.summaryRuleTarget', 'A summary rule is planned at an id that is none.');
}

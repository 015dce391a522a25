import type { BaselinePort } from '../../../ports/baseline.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';
import { templateText } from '../../changes/export.ts';

/** A machine that is to follow a data collection rule, or to do so no more. */
export interface WantedAssociation {
  /** The machine, for people. */
  readonly machine: string;
  /** ARM id of the rule; absent for an association that is to be gone. */
  readonly rule?: string;
  /** What somebody wrote to it; kept nowhere where absent. */
  readonly description?: string;
}

/** An association that is there: the rule's ARM id in lower case. */
export interface AssociationNow {
  readonly rule: string;
}

const API_VERSION = '2024-03-11';

type AssociationPort = Pick<BaselinePort, 'association' | 'putAssociation' | 'deleteAssociation'>;

/** Associations of machines with data collection rules: `MACHINE/providers/.../dataCollectionRuleAssociations/NAME`. */
export function collectionAssociationHandler(port: AssociationPort): ChangeHandler<WantedAssociation, AssociationNow> {
  return {
    resource: 'collectionAssociation',
    noun: 'association',
    read: ({ target }, { issuer, signal }) => port.association(issuer, target, signal),
    diff: ({ wanted: { machine, rule } }, now): Effect => {
      const common = {
        differences: [],
        detail: rule === undefined ? 'Its agent stops sending for it' : 'The agent follows it',
      };
      if (rule === undefined)
        return now
          ? {
              ...common,
              action: 'delete',
              title: `Take ${machine} from data collection rule ${lastOf(now.rule)}`,
              basis: now.rule,
            }
          : { ...common, action: 'none', title: `${machine} has no such association` };
      if (now?.rule === rule.toLowerCase())
        return { ...common, action: 'none', title: `${machine} follows data collection rule ${lastOf(rule)} already` };
      return now
        ? {
            ...common,
            action: 'update',
            title: `Change what ${machine} follows`,
            differences: [{ name: 'Data collection rule', before: now.rule, after: rule.toLowerCase() }],
            basis: now.rule,
          }
        : {
            ...common,
            action: 'create',
            title: `Associate ${machine} with data collection rule ${lastOf(rule)}`,
            differences: [{ name: 'Data collection rule', after: rule.toLowerCase() }],
          };
    },
    apply: async ({ target, wanted: { rule, description } }, _action, { issuer, signal }) => {
      if (rule === undefined) await port.deleteAssociation(issuer, target, signal);
      else
        await port.putAssociation(
          issuer,
          target,
          { rule, ...(description === undefined ? {} : { description }) },
          signal,
        );
    },
    verify: ({ wanted: { machine, rule } }, now) => {
      if (rule === undefined)
        return now ? { state: 'pending', what: `the association of ${machine} is still there` } : { state: 'verified' };
      if (!now) return { state: 'pending', what: `the association of ${machine} is not shown yet` };
      return now.rule === rule.toLowerCase()
        ? { state: 'verified' }
        : { state: 'different', message: `${machine} follows another rule than was said.` };
    },
    describe: ({ wanted }, now) => now && `association of ${wanted.machine} with ${lastOf(now.rule)}`,
    requests: ({ target, wanted: { rule } }, action) =>
      action === 'delete' || rule === undefined ? [{ method: 'DELETE', path: target, apiVersion: API_VERSION }] : [],
    // The commands of associations are in an extension of the Azure CLI, which not everybody has.
    commands: ({ target, wanted: { rule, description } }, action) => {
      const url = ['--url', `${target}?api-version=${API_VERSION}`];
      return [
        action === 'delete' || rule === undefined
          ? ['rest', '--method', 'delete', ...url]
          : ['rest', '--method', 'put', ...url, '--body', JSON.stringify({ properties: bodyOf(rule, description) })],
      ];
    },
    templateResources: ({ target, wanted: { rule, description } }, action) => {
      const [, machine = '', name = ''] =
        /^(.*)\/providers\/Microsoft\.Insights\/dataCollectionRuleAssociations\/([^/]+)$/i.exec(target) ?? [];
      return action === 'delete' || rule === undefined
        ? []
        : [
            {
              type: 'Microsoft.Insights/dataCollectionRuleAssociations',
              apiVersion: API_VERSION,
              name,
              scope: machine,
              properties: bodyOf(rule, description === undefined ? undefined : templateText(description)),
            },
          ];
    },
  };
}

function bodyOf(rule: string, description: string | undefined): object {
  return { dataCollectionRuleId: rule, ...(description === undefined ? {} : { description }) };
}

function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

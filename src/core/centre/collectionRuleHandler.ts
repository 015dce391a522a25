import { AppError } from '../../base/errors.ts';
import type { Difference } from '../../model/plan.ts';
import type { CentrePort, CollectionRuleBody, CollectionRuleNow } from '../../ports/centre.ts';
import { directRuleBody } from '../../ports/directRuleBody.ts';
import { asTemplateTexts } from '../changes/asTemplateTexts.ts';
import type { ChangeHandler, Effect } from '../changes/changeHandler.ts';

/** A data collection rule of kind `Direct`: it takes what programs send. */
export interface CollectionRuleWanted extends CollectionRuleBody {
  readonly name: string;
  /** The workspace, for people. */
  readonly workspaceName: string;
}

type RulePort = Pick<CentrePort, 'collectionRule' | 'putCollectionRule'>;

/** Data collection rules that programs send rows to. One that was not made so never becomes so. */
export function collectionRuleHandler(port: RulePort): ChangeHandler<CollectionRuleWanted, CollectionRuleNow> {
  return {
    resource: 'dataCollectionRule',
    noun: 'data collection rule',
    read: ({ target }, { issuer, signal }) => port.collectionRule(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const { name, workspaceName, region } = wanted;
      const streams = wanted.streams.map(({ stream }) => stream).join(', ');
      if (!now)
        return {
          action: 'create',
          title: `Create data collection rule ${name}`,
          detail: `Direct, in ${region}; takes ${streams} into workspace ${workspaceName}`,
          differences: [],
        };
      if (now.kind.toLowerCase() !== 'direct' || now.endpoint === undefined)
        throw new AppError(
          'input.ruleNotDirect',
          `The data collection rule ${name} was not made as Direct, and has no address to send to; Azure gives it none later. Delete it and plan again: the new one has another id, so roles on it have to be given anew.`,
        );
      const differences = differencesOf(wanted, now);
      if (differences.length === 0)
        return {
          action: 'none',
          title: `Data collection rule ${name} is there already`,
          detail: `It takes ${streams} into workspace ${workspaceName}`,
          differences,
        };
      return {
        action: 'update',
        title: `Change data collection rule ${name}`,
        detail: `It takes ${streams} into workspace ${workspaceName}; address and id stay`,
        differences,
        basis: JSON.stringify(now),
      };
    },
    apply: ({ target, wanted }, _action, { issuer, signal }) => port.putCollectionRule(issuer, target, wanted, signal),
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `data collection rule ${wanted.name} is not shown yet` };
      if (/^(Creating|Updating)$/.test(now.provisioningState)) return { state: 'pending', what: now.provisioningState };
      const [different] = differencesOf(wanted, now);
      if (different)
        return {
          state: 'different',
          message: `The service keeps another ${different.name.toLowerCase()} of data collection rule ${wanted.name} than was sent.`,
        };
      return now.endpoint === undefined
        ? { state: 'different', message: `Data collection rule ${wanted.name} came out without an address to send to.` }
        : { state: 'verified' };
    },
    describe: (_intent, now) => now && `data collection rule ${now.name}`,
    ids: ({ immutableId, endpoint }) => [
      { name: 'Immutable ID', value: immutableId },
      ...(endpoint === undefined ? [] : [{ name: 'Address', value: endpoint }]),
    ],
    commands: ({ target, wanted }) => [
      [
        ...['rest', '--method', 'put', '--url', `${target}?api-version=2024-03-11`],
        ...['--body', JSON.stringify(directRuleBody(wanted))],
      ],
    ],
    templateResources: ({ wanted }) => [
      {
        type: 'Microsoft.Insights/dataCollectionRules',
        apiVersion: '2024-03-11',
        name: wanted.name,
        ...(asTemplateTexts(directRuleBody(wanted)) as object),
      },
    ],
  };
}

function differencesOf(wanted: CollectionRuleWanted, now: CollectionRuleNow): readonly Difference[] {
  const differences: Difference[] = [];
  if (now.workspace?.toLowerCase() !== wanted.workspace.toLowerCase())
    differences.push({ name: 'Workspace', before: now.workspace ?? 'several', after: wanted.workspace });
  for (const { stream, columns, output, transform } of wanted.streams) {
    const there = now.streams.find((one) => one.stream === stream);
    const texts = [there, { columns, output, transform }].map((one) => ({
      Columns: one && one.columns.map(({ name, type }) => `${name} ${type.toLowerCase()}`).join(', '),
      Output: one?.output,
      Transformation: one?.transform,
    }));
    for (const name of ['Columns', 'Output', 'Transformation'] as const)
      if (texts[0]![name] !== texts[1]![name])
        differences.push({ name: `${name} of ${stream}`, before: texts[0]![name] ?? 'none', after: texts[1]![name]! });
  }
  return differences;
}

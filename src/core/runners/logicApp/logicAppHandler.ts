import type { Difference } from '../../../model/plan.ts';
import type { LogicAppNow, LogicAppsPort, WorkflowProperties } from '../../../ports/logicApps.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';
import { asTemplateTexts } from '../../changes/asTemplateTexts.ts';

/** What is wanted of a Logic App, and what people are told of it. */
export interface WantedLogicApp {
  readonly name: string;
  readonly region: string;
  /** The roll-up that it runs, its workspaces and its schedule, in words. */
  readonly told: string;
  readonly properties: WorkflowProperties;
  /** What it does not do. */
  readonly limits: readonly string[];
}

const VERSION = '2019-05-01';

/** Logic Apps with an identity of their own, as plans change them. */
export function logicAppHandler(port: LogicAppsPort): ChangeHandler<WantedLogicApp, LogicAppNow> {
  return {
    resource: 'logicApp',
    noun: 'Logic App',
    read: ({ target }, { issuer, signal }) => port.logicApp(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const { name, told, region, limits } = wanted;
      if (!now)
        return {
          action: 'create',
          title: `Make Logic App ${name}`,
          detail: `In ${region}: ${told}`,
          differences: [],
          warnings: [
            ...limits,
            'It has no rights yet: its identity is made with it, and is given its roles after that.',
          ],
        };
      const differences = differencesOf(now, wanted);
      if (differences.length === 0)
        return { action: 'none', title: `Logic App ${name} is there already`, detail: told, differences };
      return {
        action: 'update',
        title: `Change Logic App ${name}`,
        detail: told,
        differences,
        basis: stable(now),
        warnings: limits,
      };
    },
    // A region cannot be changed.
    apply: async ({ target, wanted }, _action, { issuer, signal }) => {
      const now = await port.logicApp(issuer, target, signal);
      await port.putLogicApp(issuer, target, now ? { ...wanted, region: now.region } : wanted, signal);
    },
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `Logic App ${wanted.name} is not shown yet` };
      if (now.principalId === undefined) return { state: 'pending', what: 'its identity is not there yet' };
      const [different] = differencesOf(now, wanted);
      return different
        ? {
            state: 'different',
            message: `The service keeps another ${different.name.toLowerCase()} of Logic App ${wanted.name} than was sent.`,
          }
        : { state: 'verified' };
    },
    describe: (_intent, now) => now && `Logic App ${now.name} in ${now.region}`,
    ids: ({ principalId }) => (principalId === undefined ? [] : [{ name: IDENTITY, value: principalId }]),
    commands: ({ target, wanted }) => [
      [
        ...['rest', '--method', 'put', '--url', `${target}?api-version=${VERSION}`],
        ...['--body', JSON.stringify(bodyOf(wanted))],
      ],
    ],
    templateResources: ({ wanted }) => [
      {
        type: 'Microsoft.Logic/workflows',
        apiVersion: VERSION,
        name: wanted.name,
        ...(asTemplateTexts(bodyOf(wanted)) as object),
      },
    ],
  };
}

/** What the object ID of a Logic App's identity is called in the results of a plan. */
const IDENTITY = 'Identity (object ID)';

function bodyOf({ region, properties }: WantedLogicApp): object {
  return { location: region, identity: { type: 'SystemAssigned' }, properties };
}

function differencesOf(now: LogicAppNow, { properties }: WantedLogicApp): readonly Difference[] {
  const found: Difference[] = [];
  if (now.properties.state !== properties.state)
    found.push({ name: 'State', before: now.properties.state, after: properties.state });
  if (stable(now.properties.definition) !== stable(properties.definition))
    found.push({ name: 'Definition', before: 'another one', after: 'that of this version' });
  const names = new Set([...Object.keys(now.properties.parameters), ...Object.keys(properties.parameters)]);
  for (const name of [...names].sort((a, b) => a.localeCompare(b))) {
    const [before, after] = [now.properties.parameters[name]?.value, properties.parameters[name]?.value];
    if (stable(before) !== stable(after))
      found.push({ name: `Parameter ${name}`, before: told(before), after: told(after) });
  }
  return found;
}

/** How many there are of something, or how long a text is: the texts themselves are in the template. */
function told(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return `${value.split('\n').length} lines`;
  return `${Object.keys(value as object).length} of them`;
}

/** JSON with names in order: a service gives a definition back in an order of its own. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

import type { PlanSource, PlanStep } from '../../model/planExport.ts';
import { markedName } from './secretBook.ts';

/** A plan as its exports need it. */
export interface ExportablePlan {
  readonly title: string;
  readonly source: PlanSource;
}

/**
 * Plans that are carried out one after the other, as one for an export: what a later one makes waits for what the
 * earlier ones make, also where a format has no order of its own. All are of one tenant's token.
 */
export function joinPlans(title: string, plans: readonly ExportablePlan[]): ExportablePlan {
  const secrets: PlanSource['secrets'][number][] = [];
  const steps: PlanStep[] = [];
  for (const { source } of plans) {
    const names = new Map(source.secrets.map(({ name }) => [name, freeName(name, secrets)]));
    secrets.push(...source.secrets.map(({ name, what }) => ({ name: names.get(name)!, what })));
    const before = steps.flatMap(({ resources, target }) => (resources.length > 0 ? [target] : []));
    steps.push(
      ...source.steps.map((step) => {
        const { resources, requests, commands } = renamed(step, names) as PlanStep;
        return { ...step, requests, commands, resources: resources.map((one) => behind(one, before)) };
      }),
    );
  }
  return { title, source: { tenant: plans[0]?.source.tenant ?? '', secrets, steps } };
}

function behind(resource: object, before: readonly string[]): object {
  if (before.length === 0) return resource;
  const { dependsOn = [] } = resource as { readonly dependsOn?: readonly string[] };
  return { ...resource, dependsOn: [...new Set([...dependsOn, ...before])] };
}

/** Two plans may call theirs the same. */
function freeName(name: string, taken: PlanSource['secrets']): string {
  if (!taken.some((one) => one.name === name)) return name;
  const stem = name.replace(/\d+$/, '');
  for (let number = 1; ; number++) if (!taken.some((one) => one.name === `${stem}${number}`)) return `${stem}${number}`;
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  const name = markedName(value);
  if (name !== undefined) return { $secret: names.get(name) ?? name };
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, names)]));
}

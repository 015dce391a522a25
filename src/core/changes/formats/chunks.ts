import { quoteWord } from '../export.ts';
import type { Deployable, PlanParts } from './planParts.ts';

/** Resources that follow one another in one resource group, or in none. */
export interface Chunk {
  readonly subscription: string;
  readonly group?: string;
  readonly resources: readonly Deployable[];
}

/** The resources in their order, cut where the resource group changes: one deployment each, one after the other. */
export function chunksOf(resources: readonly Deployable[]): readonly Chunk[] {
  const chunks: { subscription: string; group?: string; resources: Deployable[] }[] = [];
  for (const resource of resources) {
    const { subscription, group } = resource;
    const last = chunks.at(-1);
    if (last && last.subscription === subscription && same(last.group, group)) last.resources.push(resource);
    else chunks.push({ subscription, ...(group === undefined ? {} : { group }), resources: [resource] });
  }
  return chunks;
}

/** The one resource group of a deployment that needs no more than that; undefined where it is one of a subscription. */
export function onlyGroup({ groups, resources }: PlanParts): string | undefined {
  const chunks = chunksOf(resources);
  return groups.length === 0 && chunks.length === 1 ? chunks[0]!.group : undefined;
}

/** Resources that no deployment of a subscription reaches: they belong to the tenant itself. */
export function ofTenant({ resources }: PlanParts): readonly Deployable[] {
  return resources.filter(({ subscription }) => subscription === '');
}

function same(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** The words of `az` that deploy a file of this plan. */
export function deployCommand(parts: PlanParts, file: string): string {
  const group = onlyGroup(parts);
  const where =
    group === undefined
      ? `az deployment sub create --subscription ${parts.subscription} --location ${quoteWord(regionOf(parts))}`
      : `az deployment group create --subscription ${parts.subscription} --resource-group ${quoteWord(group)}`;
  const given = parts.secrets.map(({ name, shellName }) => ` --parameters ${name}="$${shellName}"`).join('');
  return `${where} --template-file ${quoteWord(file)}${given}`;
}

/** Where the record of a subscription's deployment is kept. */
function regionOf({ groups, resources }: PlanParts): string {
  const found = groups[0]?.location ?? resources.map(({ body }) => body['location']).find((one) => one !== undefined);
  return typeof found === 'string' && found.toLowerCase() !== 'global' ? found : 'REGION';
}

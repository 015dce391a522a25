import { toAzurerm } from './azurerm.ts';
import { headerLines } from './header.ts';
import { hclBlock, HclReference } from './hcl.ts';
import type { HclEntry } from './hcl.ts';
import type { Deployable, PlanParts, PlanRequest } from './planParts.ts';
import { parentId, symbolsOf, typeAndName } from './symbols.ts';
import type { Value } from './value.ts';

/**
 * Terraform: resources of azurerm where it has one that says all of it, else `azapi_resource`, which sends what an ARM
 * template would say. What is there already is imported. Empty where there is nothing it could say.
 */
export function toTerraform(parts: PlanParts): string {
  const patches = parts.patches.filter(({ request }) => isUpdate(request));
  if (parts.resources.length + parts.groups.length + parts.registrations.length + patches.length === 0) return '';
  const symbols = symbolsOf(parts.resources);
  const addresses = new Map<string, string>();
  const blocks: string[] = [];
  const azapi: string[] = [];
  for (const namespace of parts.registrations)
    blocks.push(
      hclBlock(
        'resource',
        ['azurerm_resource_provider_registration', `provider${blocks.length + 1}`],
        [['name', namespace]],
      ),
    );
  const first = parts.registrations.map((_, at) => `azurerm_resource_provider_registration.provider${at + 1}`);
  for (const [at, { id, name, location }] of parts.groups.entries()) {
    addresses.set(id.toLowerCase(), `azurerm_resource_group.group${at + 1}`);
    blocks.push(
      hclBlock(
        'resource',
        ['azurerm_resource_group', `group${at + 1}`],
        [
          ['name', name],
          ['location', location],
        ],
      ),
    );
  }
  for (const resource of parts.resources) {
    const known = resource.subscription === parts.subscription ? toAzurerm(resource) : undefined;
    const { type, body } = known ?? azapiResource(resource);
    if (!known) azapi.push(resource.type);
    const symbol = symbols.get(resource.id.toLowerCase())!;
    const needs = [groupId(resource), ...resource.needs].flatMap((id) => addresses.get(id.toLowerCase()) ?? []);
    blocks.push(hclBlock('resource', [type, symbol], [...body, ...dependsOn([...first, ...new Set(needs)])]));
    addresses.set(resource.id.toLowerCase(), `${type}.${symbol}`);
    if (resource.exists)
      blocks.push(
        hclBlock(
          'import',
          [],
          [
            ['to', new HclReference(`${type}.${symbol}`)],
            ['id', known ? resource.id : `${resource.id}?api-version=${resource.apiVersion}`],
          ],
        ),
      );
  }
  for (const [at, { request }] of patches.entries())
    blocks.push(hclBlock('resource', ['azapi_update_resource', `change${at + 1}`], updateOf(request)));
  return `${[headerOf(parts, [...new Set(azapi)], patches.length), ...settings(parts), ...blocks].join('\n\n')}\n`;
}

function headerOf(parts: PlanParts, azapi: readonly string[], patched: number): string {
  return headerLines(parts, {
    use: ['terraform init, then terraform plan and terraform apply'],
    needs: [
      'The providers hashicorp/azurerm 4 and Azure/azapi 2',
      ...(isComposed(parts)
        ? []
        : ['Terraform composes characters (Unicode NFC): some texts become others that look the same']),
      ...(azapi.length === 0
        ? []
        : [`azapi for what azurerm has no resource of, or none that says all of it: ${azapi.join(', ')}`]),
    ],
    missing: [
      ...parts.others,
      ...(patched < parts.patches.length
        ? parts.patches.filter(({ request }) => !isUpdate(request)).map(({ title }) => title)
        : []),
    ],
    whyMissing: 'for a description of resources cannot say it; the exports as scripts have it',
  })
    .map((line) => `# ${line}`)
    .join('\n');
}

/**
 * Whether an update that is merged into what is there, and then put, does the same: tags that are to go would stay, and
 * an operation on tags is none that can be put.
 */
function isUpdate({ path, body }: PlanRequest): boolean {
  return body?.['tags'] === undefined && !/\/providers\/Microsoft\.Resources\/tags\//i.test(path);
}

/** Whether texts are as Terraform would have them: its strings are normalized. */
function isComposed({ resources, patches }: PlanParts): boolean {
  const said = JSON.stringify([resources, patches]);
  return said === said.normalize('NFC');
}

function settings(parts: PlanParts): readonly string[] {
  const who: readonly HclEntry[] = [
    ['subscription_id', parts.subscription],
    ['tenant_id', parts.tenant],
  ];
  const provider = (source: string, version: string): Value => ({ source, version });
  return [
    hclBlock(
      'terraform',
      [],
      [
        ['required_version', '>= 1.5.0'],
        {
          block: 'required_providers',
          body: [
            ['azurerm', provider('hashicorp/azurerm', '~> 4.0')],
            ['azapi', provider('Azure/azapi', '~> 2.0')],
          ],
        },
      ],
    ),
    hclBlock(
      'provider',
      ['azurerm'],
      [{ block: 'features', body: [] }, ...who, ['resource_provider_registrations', 'none']],
    ),
    hclBlock('provider', ['azapi'], who),
    ...parts.secrets.map(({ name, what }) =>
      hclBlock(
        'variable',
        [name],
        [
          ['type', new HclReference('string')],
          ['sensitive', true],
          ['description', what],
        ],
      ),
    ),
  ];
}

function azapiResource(resource: Deployable): { readonly type: string; readonly body: readonly HclEntry[] } {
  const { type, apiVersion, name, body } = resource;
  const { location, tags, identity, ...rest } = body;
  return {
    type: 'azapi_resource',
    body: [
      ['type', `${type}@${apiVersion}`],
      ['parent_id', parentId(resource) || '/'],
      ['name', name.slice(name.lastIndexOf('/') + 1)],
      ...(location === undefined ? [] : [['location', location] as const]),
      ...(tags === undefined ? [] : [['tags', tags] as const]),
      ...(identity === undefined ? [] : [{ block: 'identity', body: Object.entries(identity as object) }]),
      ['body', rest],
      // The provider's list of types is older than some of these.
      ['schema_validation_enabled', false],
    ],
  };
}

function updateOf({ path, apiVersion, body }: PlanRequest): readonly HclEntry[] {
  return [
    ['type', `${typeAndName(path).type}@${apiVersion}`],
    ['resource_id', path],
    ['body', body ?? {}],
  ];
}

function groupId({ subscription, group }: Deployable): string {
  return group === undefined ? '' : `/subscriptions/${subscription}/resourceGroups/${group}`;
}

function dependsOn(addresses: readonly string[]): readonly HclEntry[] {
  return addresses.length === 0 ? [] : [['depends_on', addresses.map((one) => new HclReference(one))]];
}

import { idOf } from './written.ts';
import type { WrittenResource } from './written.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Resource = Record<string, Json> & { readonly type: string; readonly name: string; readonly apiVersion: string };

/** The resources of an ARM template, those of nested deployments too; resource groups with their location. */
export function readArm(text: string, subscription: string, group?: string): readonly WrittenResource[] {
  const { resources } = JSON.parse(text) as { readonly resources: readonly Resource[] };
  return resources.flatMap(({ type, name, apiVersion, scope, dependsOn: _dependsOn, ...body }) => {
    if (type === 'Microsoft.Resources/deployments') {
      const { template } = body['properties'] as { readonly template: object };
      return readArm(JSON.stringify(template), subscription, textOf(body['resourceGroup']!) as string);
    }
    if (type === 'Microsoft.Resources/resourceGroups')
      return [
        {
          id: `/subscriptions/${subscription}/resourceGroups/${textOf(name) as string}`.toLowerCase(),
          apiVersion,
          body: textOf(body) as object,
        },
      ];
    const above = scope === undefined ? `/subscriptions/${subscription}/resourceGroups/${group!}` : textOf(scope);
    return [{ id: idOf(above as string, type, textOf(name) as string), apiVersion, body: textOf(body) as object }];
  });
}

/** Texts as the template language reads them: a parameter is the only expression there is. */
function textOf(value: Json): Json {
  if (typeof value === 'string') {
    if (!/^\[[\s\S]*\]$/.test(value)) return value;
    if (value.startsWith('[[')) return value.slice(1);
    const [, secret] = /^\[parameters\('(\w+)'\)\]$/.exec(value) ?? [];
    if (secret === undefined) throw new Error(`An expression that nobody expects: ${value}`);
    return { secret };
  }
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, textOf(item)]));
  return value;
}

import type { Deployable } from './planParts.ts';

/** A name for each resource that Bicep and Terraform take, `workspaces1`; the same plan gives the same. */
export function symbolsOf(resources: readonly Deployable[]): ReadonlyMap<string, string> {
  return new Map(
    resources.map(({ id, type }, at) => [
      id.toLowerCase(),
      `${type.slice(type.lastIndexOf('/') + 1).replaceAll(/\W/g, '')}${at + 1}`,
    ]),
  );
}

/** The type and the whole name of the resource at an ARM id, of its last provider. */
export function typeAndName(id: string): { readonly type: string; readonly name: string } {
  const [namespace, ...rest] = id.slice(id.toLowerCase().lastIndexOf('/providers/') + '/providers/'.length).split('/');
  return {
    type: [namespace, ...rest.filter((_, at) => at % 2 === 0)].join('/'),
    name: rest.filter((_, at) => at % 2 === 1).join('/'),
  };
}

/** ARM id of what a resource is in: its parent, what it extends, or its resource group. */
export function parentId({ id, type, name, scope }: Deployable): string {
  if (name.includes('/')) return id.slice(0, id.lastIndexOf('/', id.lastIndexOf('/') - 1));
  return scope ?? id.slice(0, id.length - `/providers/${type}/${name}`.length);
}

import { fingerprint } from '../../../base/fingerprint.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import type { WantedQuery } from '../../queryPacks/savedQueryHandler.ts';
import { placeOf } from '../setting.ts';
import type { CustomerWorld, Setting } from '../setting.ts';

/** Functions and saved queries of every workspace of a customer. */
export function querySettings(world: CustomerWorld): readonly Setting[] {
  const { functions = {}, savedQueries = {} } = world.baseline;
  // Both are saved searches of a workspace: an id is one's alone, whatever its case.
  const taken = new Set(Object.keys(functions).map((name) => name.toLowerCase()));
  const wanted = [
    ...Object.entries(functions).map(([name, { query, parameters, description, category }]) => ({
      section: 'functions' as const,
      id: name,
      body: {
        name,
        text: query,
        tags: [],
        functionAlias: name,
        ...(parameters === undefined ? {} : { functionParameters: parameters }),
        ...(description === undefined ? {} : { description }),
        ...(category === undefined ? {} : { category }),
      },
    })),
    ...Object.entries(savedQueries).map(([name, { query, description, category, tags = [] }]) => ({
      section: 'savedQueries' as const,
      id: freeId(name, taken),
      body: {
        name,
        text: query,
        tags,
        ...(description === undefined ? {} : { description }),
        ...(category === undefined ? {} : { category }),
      },
    })),
  ];
  return world.workspaces.flatMap(({ workspace, issuer }) =>
    wanted.map(({ section, id, body }): Setting => {
      const target = `${workspace.armId}/savedSearches/${id}`;
      const where = `workspace ${workspace.name}`;
      const intent: Intent<WantedQuery> = {
        id: `query ${target}`,
        resource: 'savedQuery',
        target,
        wanted: { ...body, place: where },
      };
      return {
        ...placeOf(world, section, body.name, where, target),
        issuer,
        owner: workspace.tenant,
        workspace,
        intent,
        list: { kind: 'savedSearches', issuer, workspace: workspace.armId },
      };
    }),
  );
}

/** The id of a saved query, noted as taken; where another one has it, with the fingerprint of the whole name. */
function freeId(name: string, taken: Set<string>): string {
  const plain = idOf(name);
  const id = taken.has(plain) ? `${plain}-${fingerprint(name)}` : plain;
  taken.add(id);
  return id;
}

/** The words of a name; a name without any is written out as the codes of its characters. */
function idOf(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return words || `q-${[...name].map((letter) => letter.codePointAt(0)!.toString(16)).join('-')}`.slice(0, 60);
}

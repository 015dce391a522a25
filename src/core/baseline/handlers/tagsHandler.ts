import type { Difference } from '../../../model/plan.ts';
import type { Tags, TagsPort } from '../../../ports/tags.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';

/** Tags that a subscription, a resource group or a resource is to have, beside its others; its ARM id is the target. */
export interface WantedTags {
  /** What is tagged, for people: `resource group rg-logs`. */
  readonly scopeName: string;
  readonly tags: Tags;
}

/** Tags of anything that Resource Manager has. Those that nobody names stay. */
export function tagsHandler(port: Pick<TagsPort, 'tags' | 'changeTags'>): ChangeHandler<WantedTags, Tags> {
  return {
    resource: 'tags',
    noun: 'tags',
    read: ({ target }, { issuer, signal }) => port.tags(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const differences = differencesOf(wanted, now);
      if (differences.length === 0)
        return {
          action: 'none',
          title: `${capital(wanted.scopeName)} has these tags already`,
          detail: '',
          differences,
        };
      return {
        action: 'update',
        title: `Tag ${wanted.scopeName}`,
        detail: differences.map(({ name, before, after }) => `${name}: ${before ?? 'none'} -> ${after}`).join(', '),
        differences,
        warnings: warningsOf(wanted, differences),
        basis: JSON.stringify(differences.map(({ before }) => before ?? null)),
      };
    },
    apply: ({ target, wanted: { tags } }, _action, { issuer, signal }) => port.changeTags(issuer, target, tags, signal),
    verify: ({ wanted }, now) => {
      const [missing] = differencesOf(wanted, now);
      return missing
        ? { state: 'pending', what: `${missing.name.toLowerCase()} of ${wanted.scopeName} is not shown yet` }
        : { state: 'verified' };
    },
    describe: ({ wanted: { scopeName, tags } }, now) =>
      now && `tags of ${scopeName}: ${Object.keys(tags).join(', ') || 'none'}`,
    commands: ({ target, wanted: { tags } }) => [
      ['rest', '--method', 'patch', '--url', `${target}${TAGS}?api-version=${VERSION}`, '--body', bodyOf(tags)],
    ],
    // A template sets all tags of a scope at once: those of others would be gone.
    templateResources: () => [],
    requests: ({ target, wanted: { tags } }) => [
      {
        method: 'PATCH',
        path: `${target}${TAGS}`,
        apiVersion: VERSION,
        body: JSON.parse(bodyOf(tags)) as object,
      },
    ],
  };
}

const TAGS = '/providers/Microsoft.Resources/tags/default';
const VERSION = '2021-04-01';

function bodyOf(tags: Tags): string {
  return JSON.stringify({ operation: 'Merge', properties: { tags } });
}

function differencesOf({ tags }: WantedTags, now: Tags = {}): readonly Difference[] {
  const there = new Map(Object.entries(now).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(tags).flatMap(([name, after]) => {
    const before = there.get(name.toLowerCase());
    return before === after ? [] : [{ name: `Tag ${name}`, ...(before === undefined ? {} : { before }), after }];
  });
}

function warningsOf({ scopeName }: WantedTags, differences: readonly Difference[]): readonly string[] {
  const replaced = differences.filter(({ before }) => before !== undefined);
  return replaced.length === 0
    ? []
    : [
        `${replaced.map(({ name, before }) => `${name} (now "${before}")`).join(', ')} of ${scopeName} is replaced: policies, bills and scripts may go by it. To undo it, set that value again; Azure keeps none.`,
      ];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

import { maySee } from '../access.ts';
import { groupScope, key, subscriptionScope } from '../armId.ts';
import type { ArmGate } from './gate.ts';
import { page } from './subscriptions.ts';

/** Path of the resources of a type in a resource group, with its parameters in braces. */
export function pathInGroup(type: string): string {
  return `${groupScope('{subscriptionId}', '{resourceGroup}')}/providers/${type}`;
}

/** What a type's resources are, where they lie and what a list says of each. */
export interface ListedResources<R> {
  /** Those of the whole world. */
  readonly all: () => Iterable<R>;
  readonly idOf: (resource: R) => string;
  readonly bodyOf: (resource: R) => object;
}

/** Lists of a type, of a subscription and of a resource group: what lies there and the caller may see, paged. */
export function addLists<R>(gate: ArmGate, type: string, { all, idOf, bodyOf }: ListedResources<R>): void {
  const action = `${type}/read`;
  for (const path of [`${subscriptionScope('{subscriptionId}')}/providers/${type}`, pathInGroup(type)])
    gate.add('GET', path, { type, action, list: true }, (call) => {
      const { subscriptionId, resourceGroup } = call.ctx.params;
      // A parameter that a path has not is an empty text.
      const scope = resourceGroup ? groupScope(subscriptionId!, resourceGroup) : subscriptionScope(subscriptionId!);
      const at = key(`${scope}/`);
      return page(
        call,
        [...all()]
          .filter((one) => key(idOf(one)).startsWith(at) && maySee(call.grants, action, idOf(one)))
          .map((one) => bodyOf(one)),
      );
    });
}

import { isGuid } from '../../../model/ids.ts';
import { toRegion } from '../../../model/region.ts';
import { plainLabel } from '../../platform/plainLabel.ts';
import type { SubscriptionChoice } from '../createAnswers.ts';
import type { PickHeading, PickItem } from '../pickItems.ts';

/** A subscription, and how it is reached where that is so already. */
export interface Place {
  readonly id: string;
  readonly reached?: SubscriptionChoice;
}

type Line = Pick<PickItem<unknown>, 'label' | 'description'> | PickHeading;

/** The line for what was typed where a subscription is asked; none while it may be a word to find one of `listed`. */
export function typedSubscription(text: string, listed: readonly Line[]): PickItem<Place> | undefined {
  const id = text.trim().toLowerCase();
  if (isGuid(id))
    return { label: `$(check) ${id}`, detail: 'We are not let in there yet, as far as is seen', value: { id } };
  return id === '' || isFound(id, listed)
    ? undefined
    : refused(id, 'The ID of a subscription is a GUID, like 00000000-0000-0000-0000-000000000000', { id });
}

/** The same for a region: any may be typed where nobody can ask which there are. */
export function typedRegion(text: string, listed: readonly Line[]): PickItem<string> | undefined {
  const name = toRegion(text.trim());
  if (/^[a-z0-9]{4,30}$/.test(name))
    return {
      label: `$(check) ${name}`,
      detail: 'Whether workspaces can be made there is looked at before the plan',
      value: name,
    };
  return name === '' || isFound(text.trim().toLowerCase(), listed)
    ? undefined
    : refused(name, 'A region is written like australiaeast or Australia East', name);
}

function refused<T>(text: string, detail: string, value: T): PickItem<T> {
  return { label: `$(error) ${plainLabel(text)}`, detail, value, refused: true };
}

function isFound(text: string, listed: readonly Line[]): boolean {
  return listed.some(
    (line) => !('heading' in line) && `${line.label}\n${line.description ?? ''}`.toLowerCase().includes(text),
  );
}

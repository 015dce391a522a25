import type { RemotePart } from '../../../kql/across/acrossPlan.ts';
import type { SharedQuery } from '../../../kql/across/remoteQuery.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import { targetName } from '../../../model/run.ts';
import type { RunExplanation, SharedRequests, Target } from '../../../model/run.ts';
import type { Way } from '../plannedTarget.ts';
import type { WrittenPlan } from './acrossWorld.ts';
import { whoseOf } from './answerAcross.ts';
import { PartTexts } from './partTexts.ts';
import { groupsOf } from './sharing.ts';
import type { Shareable } from './sharing.ts';

/** What targets would be sent for a part, and who would not be sent anything; all by their names. */
export interface SentTexts {
  readonly texts: RunExplanation['parts'][number]['texts'];
  readonly lacking: readonly string[];
  readonly leftOut: readonly string[];
}

/** The texts of a part over targets of these schemas: those for several at once, then those for each alone. */
export function sentTexts(
  part: RemotePart,
  written: WrittenPlan,
  schemas: ReadonlyMap<Target, SourceSchema>,
  ways: ReadonlyMap<Target, Way>,
  sharing: SharedRequests,
): SentTexts {
  const texts = new PartTexts(part, written, sharing !== 'never');
  const alone = new Map<Target, string>();
  const shared = new Map<Target, SharedQuery>();
  const shareable: Shareable<Target>[] = [];
  const lacking: string[] = [];
  const leftOut: string[] = [];
  for (const [target, schema] of schemas) {
    const text = texts.of(schema);
    if (!written.asks(part, whoseOf(target))) leftOut.push(whole(target));
    else if (!text) lacking.push(whole(target));
    else {
      alone.set(target, text.text);
      const way = ways.get(target)!;
      if (!text.shared || !('region' in way)) continue;
      const { issuer, region, only, armId } = way;
      const { likes } = text.shared;
      shared.set(target, text.shared);
      shareable.push({ target, issuer, region, customer: target.customer, likes, ...(only ? { partOf: armId } : {}) });
    }
  }
  const together = new Map<string, { readonly targets: string[]; requests?: number }>();
  for (const group of groupsOf(shareable, sharing)) {
    const ones = group.map((target) => shared.get(target)!);
    const text = ones[0]!.owner?.text(ones.map(({ owner }) => owner!.number)) ?? ones[0]!.text;
    const parts = ones[0]!.owner !== undefined;
    const entry = together.get(text) ?? { targets: [], ...(parts ? {} : { requests: 0 }) };
    if (parts) entry.targets.push(`${targetName(group[0]!)}, in ${group.length} parts`);
    else entry.targets.push(...group.map(whole));
    if (entry.requests !== undefined) entry.requests++;
    together.set(text, entry);
    for (const target of group) alone.delete(target);
  }
  const single = new Map<string, string[]>();
  for (const [target, text] of alone) single.set(text, [...(single.get(text) ?? []), whole(target)]);
  return {
    texts: [
      ...[...together].map(([text, entry]) => ({ text, ...entry })),
      ...[...single].map(([text, targets]) => ({ text, targets })),
    ],
    lacking,
    leftOut,
  };
}

/** How a target is called where others of all customers stand beside it. */
export function whole(target: Target): string {
  return `${target.customerName}/${targetName(target)}`;
}

import type { Cell } from '../../../model/kqlType.ts';
import type { LogsAnswer } from '../../../ports/logs.ts';
import { familyOf, toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import { fanOut } from '../../fanOut/fanOut.ts';
import { heldUntil } from '../../fanOut/held.ts';
import { uniqueColumns } from '../answer.ts';
import { askTargets, failTarget, judgeAnswer } from '../askTargets.ts';
import type { AskWorld } from '../askWorld.ts';
import type { WorkspaceWay } from '../plannedTarget.ts';
import { LARGE_ANSWER_BYTES, answered, attributionOf } from '../storedAnswer.ts';
import type { PartAsking } from './partAsking.ts';
import { groupsOf } from './sharing.ts';
import type { Shareable } from './sharing.ts';
import { takeApart } from './takeApart.ts';

/**
 * Asks those targets of a part that wait, as `askTargets` does: several by one request where that is permitted.
 * Whatever keeps such a request from its whole answer has its targets asked one by one, so that a failure is one
 * target's.
 */
export async function askPart(
  part: PartAsking,
  world: AskWorld,
  changed: () => void,
  among: (index: number) => boolean,
): Promise<void> {
  const shareable = part.waiting().flatMap((index): Shareable<number>[] => {
    const shared = among(index) ? part.shared(index) : undefined;
    if (!shared) return [];
    const way = part.way(index);
    if (!('region' in way)) return [];
    const { issuer, region, only, armId } = way;
    const { likes } = shared;
    const { customer } = part.target(index);
    return [{ target: index, issuer, region, customer, likes, ...(only ? { partOf: armId } : {}) }];
  });
  const groups = groupsOf(shareable, part.sharing);
  const together = new Set(groups.flat());
  await Promise.all([
    askTargets(part, world, changed, (index) => among(index) && !together.has(index)),
    ...groups.map(async (group) => {
      const alone = new Set(await askTogether(part, group, world, changed));
      if (alone.size > 0) await askTargets(part, world, changed, (index) => alone.has(index));
    }),
  ]);
}

/** Asks a group at once; resolves to those of it that are to be asked one by one, waiting again. */
async function askTogether(
  part: PartAsking,
  group: readonly number[],
  world: AskWorld,
  changed: () => void,
): Promise<readonly number[]> {
  const ways = group.flatMap((index): WorkspaceWay[] => {
    const way = part.way(index);
    return 'armId' in way ? [way] : [];
  });
  const [first, ...others] = ways;
  const shared = group.flatMap((index) => part.shared(index) ?? []);
  const { key, owner } = shared[0]!;
  // Parts of one workspace are told apart by whose they are.
  const numbers = owner && shared.map((one) => one.owner!.number);
  const text = numbers ? owner.text(numbers) : shared[0]!.text;
  const alone: number[] = [];
  let sentAt = 0;
  const [settled] = await fanOut({
    name: part.id,
    targets: [group],
    credentialOf: () => first!.issuer.account,
    placeOf: () => part.key(group[0]!),
    quota: world.scheduler,
    retry: world.retry,
    random: world.random,
    signal: part.signal,
    work: async (_, { number, waitedMs, signal }) => {
      for (const index of group) part.update(index, { state: 'running', attempts: number, waitedMs });
      changed();
      sentAt = world.clock.now();
      const { timespan, noCache } = part;
      const answer = await world.logs.query(
        {
          issuer: first!.issuer,
          workspaceGuid: first!.guid,
          armId: first!.armId,
          others: numbers ? [] : others.map(({ guid }) => guid),
          query: text,
          ...(timespan === undefined ? {} : { timespan }),
          ...(noCache ? { noCache: true } : {}),
        },
        signal,
      );
      return { answer, tookMs: world.clock.now() - sentAt };
    },
    keepsPlace: ({ answer }) => answer.bytes > LARGE_ANSWER_BYTES,
    finish: async ({ answer, tookMs }) => {
      const apart = takeApart(answer, key, ways, numbers);
      alone.push(...group.filter((_, i) => apart?.[i] === undefined));
      part.answeredTogether(group.length - alone.length, text);
      const answers = group.flatMap((index, i) => (apart?.[i] ? [{ index, answer: apart[i] }] : []));
      await storeAll(part, answers, tookMs, world);
      changed();
    },
    retrying: (_, error, until) => {
      for (const index of group) part.update(index, { state: 'waiting', error: heldUntil(error, until) });
      changed();
    },
  });
  const { outcome, attempts } = settled!;
  if (!outcome.ok) {
    if (isOfAll(outcome.error)) {
      for (const index of group)
        if (part.target(index).state === 'running' || part.target(index).state === 'waiting')
          failTarget(part, index, outcome.error, attempts, undefined);
      changed();
      return [];
    }
    alone.push(...group);
  }
  for (const index of alone) part.update(index, { state: 'waiting', attempts: 0 });
  changed();
  if (outcome.ok || !isOfOne(outcome.error) || alone.length <= MOST_ALONE) return alone;
  // Few of many keep the others from their answer: halves of them find out which.
  const middle = alone.length >> 1;
  const halves = [alone.slice(0, middle), alone.slice(middle)];
  return (await Promise.all(halves.map((half) => askTogether(part, half, world, changed)))).flat();
}

/** Stores the answers of targets that answered together; what is wrong with one is its own. */
async function storeAll(
  part: PartAsking,
  answers: readonly { readonly index: number; readonly answer: LogsAnswer }[],
  tookMs: number,
  world: AskWorld,
): Promise<void> {
  const fail = (index: number, thrown: unknown): void => {
    failTarget(part, index, toAppError(thrown).toData(), part.target(index).attempts, tookMs);
  };
  const judged = await Promise.all(
    answers.map(async ({ index, answer }) => {
      try {
        return [{ index, stored: await judgeAnswer(part, index, answer, tookMs, world) }];
      } catch (thrown) {
        fail(index, thrown);
        return [];
      }
    }),
  );
  const good = judged.flat();
  try {
    await part.rows.appendAll(
      uniqueColumns(good.find(({ stored }) => stored.table)?.stored.table?.columns ?? []),
      good.map(({ index, stored }) => ({
        target: part.key(index),
        attribution: attributionOf(part, index),
        // Taken apart in memory: they are no pages.
        rows: (stored.table?.rows ?? []) as readonly (readonly Cell[])[],
      })),
    );
    for (const { index, stored } of good) answered(part, index, stored);
  } catch (thrown) {
    for (const { index } of good) fail(index, thrown);
  }
}

/** So few are asked one by one at once, without looking for the one that fails. */
const MOST_ALONE = 4;

/** What everybody of one token would be told alone as well. */
function isOfAll({ code }: AppErrorData): boolean {
  const family = familyOf(code);
  return family === 'cancelled' || family === 'auth' || family === 'network' || code === 'service.throttled';
}

/** What one workspace is refused for, which keeps the whole request from an answer. */
function isOfOne({ code }: AppErrorData): boolean {
  return familyOf(code) === 'access' || code === 'query.unknownWorkspace';
}

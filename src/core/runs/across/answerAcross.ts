import { toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { AcrossPlan } from '../../../kql/across/acrossPlan.ts';
import type { TargetAttribution } from '../../../kql/across/isAsked.ts';
import { targetName } from '../../../model/run.ts';
import type { Target } from '../../../model/run.ts';
import type { RowStore } from '../../../ports/rows.ts';
import type { ActiveRun } from '../activeRun.ts';
import { askTargets } from '../askTargets.ts';
import type { AskWorld } from '../askWorld.ts';
import type { AcrossWorld, PlanAcross, WrittenPlan } from './acrossWorld.ts';
import { tellNobodys } from '../tellNobodys.ts';
import { askPart } from './askPart.ts';
import { Combining } from './combining.ts';
import { Learning } from './learning.ts';
import { Stages } from './stages.ts';

/** What an across answer takes. */
export interface AnswerWorld extends AskWorld {
  readonly across: AcrossWorld;
  readonly store: RowStore;
}

/**
 * Brings a run its across answer: the tables of the targets that wait, a plan over them, the parts of every target, and
 * what is made of them. Where there is no such plan each workspace answers for itself, and the run says why; rejects
 * with `query.namesCustomer` where for that everybody would be sent a customer's name.
 */
export function answerAcross(run: ActiveRun, world: AnswerWorld, changed: () => void): Promise<void> {
  return answerBy(run, world, changed, true).then(() => tellNobodys(run, world, changed));
}

/** `kept`: by tables that may have been told long ago. */
async function answerBy(run: ActiveRun, world: AnswerWorld, changed: () => void, kept: boolean): Promise<void> {
  const learning = new Learning(run, world.across, world.clock, kept);
  const asking: Promise<unknown>[] = [];
  let combining: Combining | undefined;
  for (let all = false; !all;) {
    try {
      all = await learning.some();
    } catch (thrown) {
      if (!run.signal.aborted) throw thrown;
      for (const index of run.waiting()) if (!run.stages?.knows(index)) run.update(index, { state: 'cancelled' });
      break;
    }
    changed();
    const news = await planFor(run, world, asking.length > 0);
    const { stages } = run;
    if (!run.needsStages) {
      learning.leave();
      return askTargets(run, world, changed);
    }
    if (!stages) continue;
    if (stages.total) combining ??= new Combining(run, stages, world.clock, changed);
    const told = combining;
    const partChanged = (): void => {
      changed();
      told?.arrived();
    };
    // `print`, `range` and the like ask nobody anything.
    if (stages.parts.length === 0) for (const index of news) run.update(index, { state: 'empty', rows: 0 });
    asking.push(Promise.all(stages.parts.map((part) => askPart(part, world, partChanged, (index) => news.has(index)))));
  }
  await Promise.all(asking);
  const cut = run.stages;
  if (run.collectRows()) {
    await cut?.discard();
    return answerBy(run, world, changed, true);
  }
  const refused = run.refusedByAll();
  if (!refused) return combining?.finish();
  if (learning.isOld) {
    // What everybody refuses was made of tables of long ago: first of those they have now.
    run.reopenAll();
    for (const index of [...run.schemas.keys()]) run.unlearn(index);
    return answerBy(run, world, changed, false);
  }
  // What was sent is a text of ours: whether the query itself is wrong is for the workspaces to say.
  const { stages } = run;
  const who =
    run.source === 'resourceGraph' ? 'Resource Graph refuses what it is' : 'the workspaces refuse what they are';
  run.answerPerWorkspace({ message: `${who} sent for it (${refused.message})` });
  await stages?.discard();
  run.reopenAll();
  return askTargets(run, world, changed);
}

/**
 * Plans for the targets that wait and whose tables are known; returns them. Tables that come to be known by a retry may
 * change the plan: then all targets are asked the new one. While others are `atWork` by the old one they are not.
 */
async function planFor(run: ActiveRun, { across, store }: AnswerWorld, atWork: boolean): Promise<Set<number>> {
  const before = run.stages;
  const known = (index: number): boolean => run.schemas.has(index);
  const fresh = run.waiting().filter((index) => known(index) && before?.knows(index) !== true);
  const again = before && !atWork ? run.waiting().filter((index) => before.knows(index)) : [];
  if (run.signal.aborted || (before ? fresh.length === 0 : run.schemas.size === 0)) return new Set(again);
  const planner = await across.planner();
  let made: WrittenPlan | undefined;
  try {
    made = planAcross(run, planner);
  } catch (thrown) {
    if (!atWork) {
      run.answerPerWorkspace(toAppError(thrown));
      await before?.discard();
      run.reopenAll();
      return new Set();
    }
  }
  if (before && made && sameAnswer(before.plan, made.plan)) {
    for (const index of fresh) before.assign(index, run.schemas.get(index)!, whoseOf(run.target(index)));
    return new Set([...again, ...fresh]);
  }
  if (atWork) {
    for (const index of fresh) run.update(index, { state: 'failed', error: toldLate(targetName(run.target(index))) });
    return new Set();
  }
  if (before) {
    await before.discard();
    run.reopenAll();
  }
  const stages = await Stages.open(run, made!, store);
  const all = run.waiting().filter(known);
  for (const index of all) stages.assign(index, run.schemas.get(index)!, whoseOf(run.target(index)));
  run.adopt(stages);
  return new Set(all);
}

/** Whose a target's rows are, as the query may ask. */
export function whoseOf(target: Target): TargetAttribution {
  return { _Customer: target.customerName, _Tenant: target.tenantName, _Workspace: targetName(target) };
}

function toldLate(workspace: string): AppErrorData {
  return {
    code: 'query.planChanged',
    message: `${workspace} told its tables when the others were asked already, and they change what everybody is asked. Retry asks all of them anew.`,
    retryable: true,
  };
}

function planAcross(run: ActiveRun, planner: PlanAcross): WrittenPlan {
  return planner(run.request.query, [...run.schemas.values()], run.question);
}

/** Whether what came by one plan can be combined by the other. */
function sameAnswer(one: AcrossPlan, other: AcrossPlan): boolean {
  const shape = ({ parts, local, columns }: AcrossPlan): string =>
    JSON.stringify([parts.map((part) => [part.name, part.columns, part.tables]), local, columns]);
  return shape(one) === shape(other);
}

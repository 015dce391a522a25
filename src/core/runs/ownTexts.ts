import { AppError, toAppError } from '../../base/errors.ts';
import { targetName } from '../../model/run.ts';
import type { AcrossWorld, PlanQuestion } from './across/acrossWorld.ts';
import { loadRestrict } from './across/planner.ts';
import type { Asking } from './asking.ts';
import { asAsked } from './ownRows.ts';

/** What targets are sent where each answers for itself: parts of a workspace get a text of their own. */
export class OwnTexts {
  private readonly texts = new Map<number, string>();

  /** Undefined where the target is sent the query as it is. Throws where it may not be and no text was made for it. */
  of(run: Pick<Asking, 'way'>, index: number): string | undefined {
    const way = run.way(index);
    if (!('only' in way) || !way.only) return undefined;
    const text = this.texts.get(index);
    if (text !== undefined) return text;
    throw new AppError('bug.unrestricted', 'A shared workspace would have been asked for the rows of everybody.');
  }

  /**
   * Makes the texts of the parts of workspaces that wait, over the tables of these. One that cannot be made fails its
   * target, by name: the query as it is would bring the rows of others.
   */
  async prepare(
    run: Pick<Asking, 'way' | 'target' | 'waiting' | 'update' | 'signal'>,
    query: string,
    question: PlanQuestion,
    across: AcrossWorld | undefined,
  ): Promise<void> {
    const wanted = run.waiting().flatMap((index) => {
      const [way, target] = [run.way(index), run.target(index)];
      const isPart = 'only' in way && way.only !== undefined && target.kind === 'workspace';
      return isPart && !this.texts.has(index) ? [{ index, way, target }] : [];
    });
    if (wanted.length === 0) return;
    const keys = [...new Set(wanted.map(({ target }) => target.workspace))];
    const told = await across?.schemas.ofWorkspaces(keys, { signal: run.signal });
    const restrict = await loadRestrict();
    for (const { index, way, target } of wanted) {
      try {
        const outcome = told?.get(target.workspace);
        if (!outcome) throw new AppError('query.unsupported', 'Nobody here can tell its tables apart.');
        if (!outcome.ok) throw AppError.fromData(outcome.error);
        this.texts.set(index, restrict(query, asAsked(outcome.value, way), question.now));
      } catch (thrown) {
        run.update(index, { state: 'failed', error: refusal(targetName(target), target.customerName, thrown) });
      }
    }
  }
}

/** What the binder does not understand may read anything. */
function refusal(workspace: string, customer: string, thrown: unknown) {
  const error = toAppError(thrown);
  if (error.family !== 'query') return error.toData();
  return new AppError(
    'query.notRestricted',
    `${workspace} is shared, and this query cannot be kept to the rows of ${customer} there: ${error.message} It was not asked.`,
    { data: error.data ?? {} },
  ).toData();
}

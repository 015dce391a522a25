import { AppError } from '../../base/errors.ts';
import type { RollupPlan } from '../../kql/rollup/planRollup.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import type { RollupDefinition, RollupTable } from '../../model/rollup.ts';
import type { RollupStatePort } from '../../ports/rollups.ts';
import { DOCUMENTS } from './progress.ts';
import type { RollupVersion } from './progress.ts';
import type { Digest } from './rowKeys.ts';
import type { RollupPlanner } from './rollupWorld.ts';

/** A roll-up ready to be run: the version its definition means, and the plan that belongs to it. */
export interface OpenedVersion {
  readonly table: RollupTable;
  readonly plan: RollupPlan;
  readonly planner: RollupPlanner;
}

/**
 * The id of what a definition means: its name and a hash of its query, window and key. Whoever changes one of them gets
 * another table, and the rows of before stay under theirs.
 */
export function rollupId(definition: RollupDefinition, digest: Digest): string {
  const { name, query, windowMinutes, key = [] } = definition;
  const meaning = [query.replaceAll('\r\n', '\n').trim(), windowMinutes, ...key].join('\n');
  return `${name}-${digest(meaning).slice(0, 8)}`;
}

/**
 * Opens the version of a definition; the first time it is planned over the tables of these workspaces and kept, and of
 * several runners that do so at once one wins. Rejects as `planRollup` does.
 */
export async function openVersion(
  definition: RollupDefinition,
  state: RollupStatePort,
  digest: Digest,
  planner: RollupPlanner,
  schemas: () => Promise<readonly SourceSchema[]>,
  isConfidential: (text: string) => boolean,
): Promise<OpenedVersion> {
  const id = rollupId(definition, digest);
  for (;;) {
    const { value, version } = await state.load<RollupVersion>(DOCUMENTS.version(id));
    if (value) {
      const plan = planner.plan(definition.query, [value.pinned], { isConfidential });
      return { table: value.table, plan, planner };
    }
    const known = await schemas();
    if (known.length === 0)
      throw new AppError(
        'input.rollup',
        `The tables of no workspace of ${definition.name} are known, so it cannot be planned. Nothing was stored.`,
      );
    const plan = planner.plan(definition.query, known, { isConfidential });
    const table: RollupTable = {
      id,
      name: definition.name,
      kind: plan.kind,
      columns: plan.part.columns,
      ...(plan.view === undefined ? {} : { view: plan.view }),
      viewColumns: plan.viewColumns,
      windowMinutes: definition.windowMinutes,
    };
    const made: RollupVersion = { table, query: definition.query, pinned: plan.pinned };
    if (await state.save(DOCUMENTS.version(id), made, version)) return { table, plan, planner };
  }
}

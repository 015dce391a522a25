import type { RollupProgress } from '../core/rollup/progress.ts';
import { isLake } from '../engine/lake/isLake.ts';
import { AppError } from '../base/errors.ts';
import type { StoredRowsPort, StoredWorkspace } from '../ports/storedRows.ts';
import { openRollups } from './rollups.ts';

/** What the engine may hold in memory for a question before it spills, MB. */
const MEMORY_MB = 512;
const DATABASE = 'lake';

/**
 * Asks a lake with an engine of its own for each question: of its files those are read whose roll-up the query names.
 */
export function lakeRows(lake: () => string): StoredRowsPort {
  return {
    async ask({ query, now, timespan, workspaces, maxRows }, signal) {
      const folder = lake();
      if (!(await isLake(folder)))
        throw new AppError('input.noLake', 'Nothing is stored in the lake yet. Run a roll-up first.');
      const [{ openEngine }, { readLake }] = await Promise.all([
        import('../engine/openEngine.ts'),
        import('../engine/lake/readLake.ts'),
      ]);
      const engine = await openEngine({ memoryLimitMb: MEMORY_MB });
      try {
        const { tables, functions, read } = await readLake(engine, folder, DATABASE, signal, {
          // A superset is enough: `search *` and the like read what they name by no name.
          table: ({ answer }) => query.includes(answer) || /\b(?:search|find)\b|\*/.test(query),
          ...(workspaces ? { workspaces } : {}),
        });
        const answer = await engine.query(query, {
          database: { name: DATABASE, tables, functions },
          now,
          maxRows,
          signal,
          ...(timespan ? { timespan } : {}),
        });
        const [result, ...others] = answer.tables;
        if (others.length > 0)
          throw new AppError('query.severalTables', 'The query gives several tables, and an answer here is one.');
        return {
          columns: result!.columns,
          rows: await result!.rows(),
          truncated: result!.truncated,
          ...(answer.render ? { render: answer.render } : {}),
          known: await knownOf(folder, new Set(read)),
        };
      } finally {
        await engine.close();
      }
    },
  };
}

/** How far these versions are in each workspace. */
async function knownOf(lake: string, versions: ReadonlySet<string>): Promise<StoredWorkspace[]> {
  const { rollups, close } = openRollups(undefined, lake);
  try {
    const known = new Map<string, StoredWorkspace>();
    for (const one of await rollups.status()) {
      if (one.sink !== DATABASE || !versions.has(one.rollup)) continue;
      const before = known.get(one.workspace);
      known.set(one.workspace, before ? worse(before, toStored(one)) : toStored(one));
    }
    return [...known.values()];
  } finally {
    await close();
  }
}

function toStored(progress: RollupProgress): StoredWorkspace {
  const { workspace, workspaceName, customer, customerName, until, last, gaps, stopped } = progress;
  const nothing = until === undefined || !last ? 'Nothing of it is stored yet.' : undefined;
  const lacks = stopped?.message ?? gaps[0]?.reason ?? nothing;
  return {
    ...{ workspace, workspaceName, customer, customerName },
    ...(until === undefined ? {} : { until }),
    ...(lacks === undefined ? {} : { lacks }),
  };
}

/** Of two roll-ups in one workspace what the lesser one has. */
function worse(a: StoredWorkspace, b: StoredWorkspace): StoredWorkspace {
  const lacks = a.lacks ?? b.lacks;
  const until = Math.min(a.until ?? Infinity, b.until ?? Infinity);
  return { ...a, ...(Number.isFinite(until) ? { until } : {}), ...(lacks === undefined ? {} : { lacks }) };
}

import { AppError } from '../../../src/base/errors.ts';
import { Emitter } from '../../../src/base/event.ts';
import type { ChangedSchema } from '../../../src/core/schema/schemaService.ts';
import type { Outcome } from '../../../src/base/outcome.ts';
import type { WrittenPlan } from '../../../src/core/runs/across/acrossWorld.ts';
import type { RunWorld } from '../../../src/core/runs/runWorld.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import type { AcrossOptions, AcrossPlan, RemotePart } from '../../../src/kql/across/acrossPlan.ts';
import { isAsked } from '../../../src/kql/across/isAsked.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { Estate } from '../../../src/model/estate.ts';
import type { WorkspaceKey } from '../../../src/model/ids.ts';
import { estateOf, runWorld } from './world.ts';

const PLACE = { start: 0, length: 0 };

/** A part that asks for rows of one table; what is sent is written by `text` below. */
export function partOf(name: string, table: string): RemotePart {
  const columns = [{ name: 'n', type: 'long' as const }];
  return { name, columns, tables: [table], rel: { kind: 'values', rows: [], columns, place: PLACE } };
}
/** The plan of a count over `T`: partial counts, and their sum. */
export const COUNT: AcrossPlan = {
  parts: [partOf('part1', 'T')],
  local: 'part1 | summarize n = sum(n)',
  columns: [{ name: 'n', type: 'long' }],
  promise: { kind: 'exact' },
  apart: ['count'],
};

/** Tables of a workspace: `T` with one column, unless others are named. */
export function schemaOf(...tables: readonly string[]): SourceSchema {
  return { tables: (tables.length > 0 ? tables : ['T']).map((name) => ({ name, columns: N })) };
}
const N = [{ name: 'n', type: 'long' as const }];

/** What a world of across answers is made of, beside what every run takes. */
export interface AcrossParts {
  readonly plan?: (query: string, schemas: readonly SourceSchema[], options: AcrossOptions) => AcrossPlan;
  readonly text?: WrittenPlan['text'];
  /** What several are sent together; nobody is unless given. */
  readonly shared?: WrittenPlan['shared'];
  readonly sliced?: WrittenPlan['sliced'];
  /** The tables of a workspace by its key. */
  readonly schema?: (key: WorkspaceKey) => SourceSchema | AppError;
  /** Milliseconds that a workspace takes to tell them; at once unless given. */
  readonly takes?: (key: WorkspaceKey) => number;
  /** Whether what they tell, where that will do, is of long ago. */
  readonly old?: boolean;
  readonly estate?: Estate;
}

/** A world of runs whose planner, tables and combinations are written by hand; a total is the sum of all numbers. */
export function acrossWorld(
  script: Parameters<typeof runWorld>[0],
  workspaces: number,
  {
    plan = () => COUNT,
    text,
    shared = () => undefined,
    sliced = () => undefined,
    schema = () => schemaOf(),
    takes = () => 0,
    old = false,
    estate = estateOf(workspaces),
  }: AcrossParts = {},
  more: Partial<RunWorld> = {},
) {
  const planned: { readonly query: string; readonly schemas: number; readonly options: AcrossOptions }[] = [];
  const combined: { readonly text: string; readonly rows: number; readonly now: bigint }[] = [];
  const learnt: WorkspaceKey[][] = [];
  const forgotten: WorkspaceKey[] = [];
  const retold = new Emitter<ChangedSchema>();
  const world = runWorld(script, estate, {
    readQuery: (query) => analyzeQuery(query),
    across: {
      schemas: {
        onDidChange: retold.event,
        forget: (key) => {
          if (key !== undefined) forgotten.push(key);
        },
        ofWorkspaces: async (keys, question) => {
          learnt.push([...keys]);
          const outcomes = keys.map(async (key) => {
            if (takes(key) > 0) await world.clock.sleep(takes(key), question?.signal);
            const is = schema(key);
            const outcome: Outcome<SourceSchema> =
              is instanceof AppError ? { ok: false, error: is.toData() } : { ok: true, value: is };
            question?.told?.(key, outcome, question.kept === true && old);
            return [key, outcome] as const;
          });
          return new Map(await Promise.all(outcomes));
        },
      },
      planner: async () => (query, schemas, options) => {
        planned.push({ query, schemas: schemas.length, options });
        return {
          plan: plan(query, schemas, options),
          asks: isAsked,
          shared,
          sliced,
          text:
            text ??
            ((part, { tables }) =>
              part.tables.some((table) => tables.some(({ name }) => name === table))
                ? `${part.tables[0]} | summarize n = count()`
                : undefined),
        };
      },
    },
    ...more,
  });
  world.store.combined = (localText, tables, { now }) => {
    const rows = Object.values(tables).flat();
    combined.push({ text: localText, rows: rows.length, now });
    return { columns: N, rows: [[rows.reduce((sum, [n]) => sum + Number(n), 0)]] };
  };
  /** The one number a run answers with. */
  const total = (id: string): unknown => [...world.store.rows.get(id)!.values()].map(({ rows }) => rows[0]?.[0])[0];
  return { ...world, planned, combined, learnt, forgotten, retold, total };
}

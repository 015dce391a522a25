import { contributingLegs, tableOfLeg, wideUnions, withoutLegs } from '../../kql/emptyLegs.ts';
import type { SlimPlan } from '../../kql/emptyLegs.ts';
import { pruneUnions } from '../../kql/prune.ts';
import type { Plan, Rel } from '../../kql/plan.ts';
import type { EngineTable } from '../face.ts';
import { statement } from '../sql/statement.ts';
import { translatePlan, translateQuestion } from '../translate/translate.ts';
import type { TranslationOptions } from '../translate/translation.ts';
import type { Database } from '../database/database.ts';

/** Legs times columns a union may have before its legs are asked one by one whether a row of theirs comes through. */
const MOST_CELLS = 100_000;
/** Legs asked in one statement. */
const AT_ONCE = 24;

/**
 * The plan with only those legs of wide unions that have rows. Planning a union costs the database legs times columns,
 * and of a workspace's thousand tables few hold something; so it is asked first. Tables are looked at where that is
 * enough, else the rows of all legs with the few columns that decide.
 */
export async function slimPlan(
  plan: Plan,
  options: TranslationOptions,
  now: bigint,
  database: Database,
): Promise<SlimPlan> {
  const pruned = pruneUnions(plan);
  if (wideUnions(pruned).length === 0) return { plan, columns: plan.results.map(({ rel }) => rel.columns) };
  const slim = withoutLegs(pruned, await legsOfEmptyTables(pruned, options, database));
  const wide = wideUnions(slim.plan).filter((union) => union.inputs.length * union.columns.length > MOST_CELLS);
  if (wide.length === 0) return slim;
  const chains = slim.plan.results.map(({ rel }) => contributingLegs(rel));
  const asked = new Set(chains.flatMap((chain) => chain?.legs ?? []));
  const empty = new Set<Rel>();
  for (const chain of chains)
    if (chain) for (const rel of await legsThatGiveNothing(chain, options, now, database)) empty.add(rel);
  for (const rel of await legsWithoutRows(
    wide.flatMap((union) => union.inputs.map((leg) => leg.rel)).filter((leg) => !asked.has(leg)),
    options,
    now,
    database,
  ))
    empty.add(rel);
  return { plan: withoutLegs(slim.plan, empty).plan, columns: slim.columns };
}

async function legsThatGiveNothing(
  { plan, legs }: NonNullable<ReturnType<typeof contributingLegs>>,
  options: TranslationOptions,
  now: bigint,
  database: Database,
): Promise<Rel[]> {
  const {
    results: [result],
    functions,
  } = translatePlan(plan, options, now);
  await database.register(functions);
  const { rows } = await database.run(result!.sql, options.signal);
  const giving = new Set(rows.map(([leg]) => Number(leg)));
  return legs.filter((_, i) => !giving.has(i));
}

async function legsOfEmptyTables(plan: Plan, options: TranslationOptions, database: Database): Promise<Set<Rel>> {
  const legs = wideUnions(plan).flatMap((union) =>
    union.inputs.flatMap(({ rel }) => {
      const table = tableOfLeg(rel)?.table as EngineTable | undefined;
      return table ? [{ rel, table }] : [];
    }),
  );
  const { rows } = await database.run(
    `SELECT '"' || replace(schema_name, '"', '""') || '"."' || replace(table_name, '"', '""') || '"' FROM duckdb_tables() WHERE estimated_size = 0 AND NOT internal`,
    options.signal,
  );
  const empty = new Set(rows.map(([name]) => String(name)));
  return new Set(legs.filter(({ table }) => table.empty === true || empty.has(table.source)).map(({ rel }) => rel));
}

async function legsWithoutRows(
  legs: readonly Rel[],
  options: TranslationOptions,
  now: bigint,
  database: Database,
): Promise<Set<Rel>> {
  const empty = new Set<Rel>();
  const asked = legs.filter((rel) => tableOfLeg(rel) !== undefined);
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const some = asked.slice(at, at + AT_ONCE);
    const questions = some.map((rel) =>
      translateQuestion(rel, { kind: 'literal', type: 'bool', value: true }, options, now, (_, from) =>
        statement({ items: [1], from, limit: 1 }),
      ),
    );
    await database.register(questions.flatMap((q) => q.functions));
    const [row] = (await database.run(`SELECT ${questions.map((q) => `EXISTS(${q.sql})`).join(', ')}`, options.signal))
      .rows;
    some.forEach((rel, i) => {
      if (row?.[i] === false) empty.add(rel);
    });
  }
  return empty;
}

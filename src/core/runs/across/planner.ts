import { AppError } from '../../../base/errors.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { PlanAcross, WrittenPlan } from './acrossWorld.ts';

/** The planner over Microsoft's binder, which is large: it is loaded with the first query that needs it. */
export async function loadPlanner(): Promise<PlanAcross> {
  const [{ acrossSchema }, { isAsked }, { planAcross }, { remoteQuery, sharedQuery, slicedPart }] = await Promise.all([
    import('../../../kql/across/acrossSchema.ts'),
    import('../../../kql/across/isAsked.ts'),
    import('../../../kql/across/planAcross.ts'),
    import('../../../kql/across/remoteQuery.ts'),
  ]);
  return (query, schemas, { tables, ...options }) => {
    const over = (only?: ReadonlySet<string>): WrittenPlan => {
      const schema = acrossSchema(schemas, only, options.language);
      const plan = planAcross(query, schema, options);
      return {
        plan,
        text: (part, target) => remoteQuery(part, target, schema, options.now),
        shared: (part, target) => sharedQuery(part, target, schema, options.now),
        sliced: (part, target) => slicedPart(part, target, schema, options.now),
        asks: isAsked,
      };
    };
    if (!tables || !noOthers(query, tables, schemas)) return over();
    try {
      return over(new Set(tables));
    } catch (thrown) {
      // A name is a column's to who knows no tables, and may be one's all the same: `x in (T)`.
      if (thrown instanceof AppError && thrown.code === 'query.semantic') return over();
      throw thrown;
    }
  };
}

/** A query as a workspace of this schema is asked it for those rows alone that the schema says. */
export type RestrictQuery = (query: string, schema: SourceSchema, now: bigint) => string;

/** What keeps a query to rows of one customer, with the binder; loaded with the first query that needs it. */
export async function loadRestrict(): Promise<RestrictQuery> {
  return (await import('../../../kql/across/restrictedQuery.ts')).restrictedQuery;
}

/** Whether these are all tables that are read: a stored function that the query calls may read others. */
function noOthers(query: string, tables: readonly string[], schemas: readonly SourceSchema[]): boolean {
  return (
    tables.length > 0 && schemas.every(({ functions = [] }) => !functions.some(({ name }) => query.includes(name)))
  );
}

import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { PlanAcross } from './acrossWorld.ts';

/** The planner over Microsoft's binder, which is large: it is loaded with the first query that needs it. */
export async function loadPlanner(): Promise<PlanAcross> {
  const [{ acrossSchema }, { isAsked }, { planAcross }, { remoteQuery, sharedQuery, slicedPart }] = await Promise.all([
    import('../../../kql/across/acrossSchema.ts'),
    import('../../../kql/across/isAsked.ts'),
    import('../../../kql/across/planAcross.ts'),
    import('../../../kql/across/remoteQuery.ts'),
  ]);
  return (query, schemas, { tables, ...options }) => {
    const wanted = tables && noOthers(query, tables, schemas) ? new Set(tables) : undefined;
    const schema = acrossSchema(schemas, wanted, options.language);
    const plan = planAcross(query, schema, options);
    return {
      plan,
      text: (part, target) => remoteQuery(part, target, schema, options.now),
      shared: (part, target) => sharedQuery(part, target, schema, options.now),
      sliced: (part, target) => slicedPart(part, target, schema, options.now),
      asks: isAsked,
    };
  };
}

/** Whether these are all tables that are read: a stored function that the query calls may read others. */
function noOthers(query: string, tables: readonly string[], schemas: readonly SourceSchema[]): boolean {
  return (
    tables.length > 0 && schemas.every(({ functions = [] }) => !functions.some(({ name }) => query.includes(name)))
  );
}

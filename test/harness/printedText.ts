import { withPackAll } from '../../src/kql/bind/packAll.ts';
import { bindQuery } from '../../src/kql/bind/query.ts';
import { queryText } from '../../src/kql/bind/queryText.ts';
import type { Plan } from '../../src/kql/plan.ts';
import { printPlan } from '../../src/kql/print/printQuery.ts';
import type { PrintOptions } from '../../src/kql/print/printQuery.ts';
import type { SchemaDatabase } from '../../src/kql/schema.ts';
import type { Column } from '../../src/model/kqlType.ts';

/** Columns as `a:long, b:string`. */
export function columnsOf(text: string): Column[] {
  return text.split(/\s*,\s*/).map((part) => {
    const [name, type] = part.split(':');
    return { name, type } as Column;
  });
}
/** A workspace of two tables that share names, one of them with another type. */
export const WORKSPACE: SchemaDatabase = {
  name: 'workspace',
  tables: [
    { name: 'T', columns: columnsOf('a:long, b:string, c:dynamic, t:datetime') },
    { name: 'U', columns: columnsOf('a:long, b:real, d:string') },
  ],
};

/** The plan of a query over `WORKSPACE`. */
export function planOf(query: string): Plan {
  return bindQuery(withPackAll(queryText(query)), { database: WORKSPACE });
}
/** A query over `WORKSPACE`, bound and printed; throws where what is printed does not print as itself again. */
export function printedText(query: string, options?: PrintOptions): string {
  const text = printPlan(planOf(query), options);
  const again = printPlan(planOf(text), options);
  if (again !== text) throw new Error(`Printed again, it is another text:\n${text}\n---\n${again}`);
  return text;
}

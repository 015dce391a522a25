import type { Rel, Subject } from '../../kql/plan.ts';
import { SQL, columnOf } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { select, statement, unionAll } from '../sql/statement.ts';
import { sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { failureSql } from './failure.ts';
import type { Translation, Translator } from './translation.ts';

/** Operators after which a subtable that had rows has some still. */
const KEEPING: ReadonlySet<Rel['kind']> = new Set([
  'project',
  'spread',
  'sort',
  'take',
  'sample',
  'serialize',
  'distinct',
  'aggregate',
  'materialize',
  'parseKv',
  'bagUnpack',
  'narrow',
  'topNested',
  'makeSeries',
]);

/**
 * The subject a chain of operators stands on, and whether all of a subtable's rows may be gone on the way; undefined
 * where it stands on none.
 */
function subjectOf(rel: Rel, loses = false): { readonly subject: Subject; readonly loses: boolean } | undefined {
  if (rel.kind === 'subject') return { subject: rel.subject, loses };
  const input =
    'input' in rel ? rel.input : rel.kind === 'union' ? rel.inputs[0]?.rel : rel.kind === 'join' ? rel.left : undefined;
  return input && subjectOf(input, loses || !(KEEPING.has(rel.kind) || (rel.kind === 'parse' && !rel.where)));
}

/**
 * An aggregate without keys over subtables of mv-apply or partition. The documentation does not say whether a subtable
 * that has lost all its rows before yields a row of defaults, as a table does, or none: where there is one, the query
 * stops.
 */
export function stoppedAtLostSubtables(
  rel: Extract<Rel, { kind: 'aggregate' }>,
  made: Relation,
  translation: Translation,
  translator: Translator,
): Relation {
  const found = made.partition.length > 0 && rel.keys.length === 0 ? subjectOf(rel.input) : undefined;
  const subject = found?.loses ? translation.subjects.get(found.subject.id) : undefined;
  if (!subject || subject.partition.length !== made.partition.length) return made;
  const ids = made.partition.map((p) => columnOf('t', p));
  const count = (from: Sql): Sql => {
    const subtables = select({ items: ids, distinct: true, from: [from, 't'] });
    return select({ items: [SQL`count(*)`], from: [subtables, 's'] });
  };
  const stop = failureSql(
    'unsupported',
    'An aggregate without by over a subtable of which no row is left is not supported by the local engine. Keep the rows and say countif(), sumif() or make_list_if(), or filter after it.',
    'BOOLEAN',
  );
  const none = [...made.columns.map((c) => SQL`NULL::${sqlType(c.type)}`), ...made.partition.map(() => SQL`NULL`)];
  const kept = [...made.columns.map((c) => columnOf('t', c.id)), ...made.partition.map((p) => columnOf('t', p))];
  const lost = SQL`${count(subject.from)} > ${count(translator.rel(rel.input).from)}`;
  const union = unionAll([
    statement({ items: kept, from: [made.from, 't'] }),
    statement({ items: none, where: [SQL`CASE WHEN ${lost} THEN ${stop} ELSE FALSE END`] }),
  ]);
  return { ...made, from: union };
}

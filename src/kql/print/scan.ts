import type { Column } from '../../model/kqlType.ts';
import type { Assignment, ScanStep } from '../plan.ts';
import { nameText } from './names.ts';
import { assignmentText } from './project.ts';
import { indented, piped } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

type Scan = Of<'scan'>;

/** `scan`, a step a line. */
export function scanPipe(rel: Scan, printer: Printer): Pipe {
  const row = rel.input.columns;
  const words = [
    'scan',
    ...(rel.idName === undefined ? [] : [`with_match_id=${nameText(rel.idName)}`]),
    ...(rel.partition.length > 0
      ? [`partition by ${rel.partition.map((key) => printer.scalar(key, row)).join(', ')}`]
      : []),
    ...(rel.declared.length > 0 ? [`declare (${rel.declared.map((d) => declaration(d, printer)).join(', ')})`] : []),
    'with',
  ].join(' ');
  const steps = rel.steps.map((step) => stepText(step, rel, [...row, ...rel.declared.map((d) => d.column)], printer));
  return piped(printer.rel(rel.input), `${words} (\n${indented(steps.join('\n'))}\n)`);
}
function declaration({ column, expr }: Assignment, printer: Printer): string {
  const none = expr.kind === 'literal' && (expr.value === null || (column.type === 'string' && expr.value === ''));
  return `${nameText(column.name)}:${column.type}${none ? '' : ` = ${printer.scalar(expr, [])}`}`;
}
function stepText(step: ScanStep, rel: Scan, row: readonly Column[], printer: Printer): string {
  const output = step.output === 'all' ? '' : ` output=${step.output}`;
  const sets = step.assignments.map((a) => `${nameText(a.column.name)} = ${assignmentValue(a, rel, row, printer)}`);
  const computation = sets.length > 0 ? ` => ${sets.join(', ')}` : '';
  return `step ${nameText(step.name)}${output}: ${printer.scalar(step.condition, row)}${computation};`;
}
function assignmentValue(item: Assignment, rel: Scan, row: readonly Column[], printer: Printer): string {
  const text = assignmentText(item, rel, row, printer);
  const name = nameText(item.column.name);
  return text === name ? name : text.slice(name.length + ' = '.length);
}

import { visibleText } from '../../base/visibleText.ts';
import type { Plan } from '../../model/plan.ts';

/** Customer, tenant and workspace with their ids, and what is lost: the lines of the dialog. The plan has the rest. */
export function confirmText({ about, warnings }: Plan): string {
  return [
    ...about.flatMap(({ what, name, id, main }) =>
      main ? [`${what}: ${name}${id === undefined || id === name ? '' : `, ${id}`}`] : [],
    ),
    '',
    ...warnings,
  ]
    .map(visibleText)
    .join('\n');
}

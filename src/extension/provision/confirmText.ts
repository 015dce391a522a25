import { visibleText } from '../../base/visibleText.ts';
import type { Plan } from '../../model/plan.ts';

/** Whom a plan is about, names with ids, and what goes: the lines of the dialog, each of one line. */
export function confirmText({ about, warnings }: Plan): string {
  return [
    ...about.map(({ what, name, id }) => `${what}: ${name}${id === undefined || id === name ? '' : ` (${id})`}`),
    '',
    ...warnings,
  ]
    .map(visibleText)
    .join('\n');
}

import { counted } from '../base/counted.ts';
import type { MadeOf } from './run.ts';

/** What to know of rows that were made here: how they were, and what they cannot tell. */
export function madeNote(made: MadeOf): { readonly head: string; readonly text: string } {
  if (made.kind === 'schema') return { head: 'Schema', text: made.notes.join(' ') };
  const { beforeAt, afterAt, key, added, gone, changed, same, notes } = made;
  const by = key.length > 0 ? `matched by ${key.join(', ')}` : 'compared as whole rows';
  const counts = `${counted(added, 'row')} added, ${gone} gone, ${changed} changed, ${same} the same, ${by}.`;
  return {
    head: 'Changes',
    text: [`From ${second(beforeAt)} to ${second(afterAt)} UTC: ${counts}`, ...notes].join(' '),
  };
}

/** `2026-11-22 10:05:00` */
function second(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

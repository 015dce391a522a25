import { kqlName } from '../../model/kqlNames.ts';
import { escaped } from './literals.ts';

/** A name of a column, table or step as KQL reads it back: plain where it may be, else in brackets and escaped. */
export function nameText(name: string): string {
  return kqlName(name) === name ? name : `['${escaped(name, "'")}']`;
}

/** Gives out names that nothing in the plan has, numbered in the order they are asked for. */
export class FreshNames {
  private readonly taken: Set<string>;
  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken);
  }
  /** `stem_1`, `stem_2`, ...: the first nobody has. */
  next(stem: string): string {
    let n = 1;
    while (this.taken.has(`${stem}_${n}`)) n++;
    this.taken.add(`${stem}_${n}`);
    return `${stem}_${n}`;
  }
}

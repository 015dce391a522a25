/** Alternatives beyond this many are no help. */
const MAX_TEXTS = 40;
const SHORTEST = 2;

type Texts = readonly string[] | undefined;

/**
 * Texts of which a match of the regular expression must contain at least one: a quick way to see that it cannot match.
 * Undefined where none are sure; what it does not understand is passed over, which is never wrong, only slower. Letters
 * are as they are written.
 */
export function requiredTexts(pattern: string): readonly string[] | undefined {
  return alternatives(new Cursor(pattern));
}

class Cursor {
  readonly pattern: string;
  at = 0;
  constructor(pattern: string) {
    this.pattern = pattern;
  }
  get done(): boolean {
    return this.at >= this.pattern.length;
  }
  get next(): string {
    return this.pattern[this.at] ?? '';
  }
  /** The quantifier here, passed over: how often at least, and whether it is exactly once. */
  quantifier(): { readonly optional: boolean; readonly once: boolean } {
    const found = /^(?:[?*+]|\{(\d+)(?:,\d*)?\})\??/.exec(this.pattern.slice(this.at));
    if (!found) return { optional: false, once: true };
    this.at += found[0].length;
    return { optional: /^[?*]/.test(found[0]) || found[1] === '0', once: false };
  }
}

/** a|b|c up to a closing parenthesis or the end: any of theirs, where each has some. */
function alternatives(cursor: Cursor): Texts {
  const all = [sequence(cursor)];
  while (cursor.next === '|') {
    cursor.at++;
    all.push(sequence(cursor));
  }
  if (all.some((texts) => texts === undefined)) return undefined;
  const texts = all.flatMap((some) => some ?? []);
  return texts.length <= MAX_TEXTS ? texts : undefined;
}

/** Parts one after the other: the most telling of theirs. */
function sequence(cursor: Cursor): Texts {
  const candidates: (readonly string[])[] = [];
  let run = '';
  const cut = (): void => {
    if (run.length >= SHORTEST) candidates.push([run]);
    run = '';
  };
  while (!cursor.done && cursor.next !== '|' && cursor.next !== ')') {
    const char = literalAt(cursor);
    if (char !== undefined) {
      const { optional, once } = cursor.quantifier();
      if (!optional) run += char;
      if (!once) cut();
      continue;
    }
    cut();
    const group = cursor.next === '(' ? groupAt(cursor) : (passOther(cursor), undefined);
    if (!cursor.quantifier().optional && group) candidates.push(group);
  }
  cut();
  const worth = (texts: readonly string[]): number => Math.min(...texts.map((text) => text.length)) / texts.length;
  return candidates.toSorted((a, b) => worth(b) - worth(a))[0];
}

/** The one character that must stand here, passed over; undefined where it is not one. */
function literalAt(cursor: Cursor): string | undefined {
  const { next } = cursor;
  if (next === '\\') {
    const escaped = cursor.pattern[cursor.at + 1] ?? '';
    if (/[A-Za-z0-9]/.test(escaped)) return undefined;
    cursor.at += 2;
    return escaped;
  }
  if (/[.[\](){}^$|?*+]/.test(next)) return undefined;
  cursor.at++;
  return next;
}

/** ( ... ): what its inside must have; a look around has nothing that is part of the match. */
function groupAt(cursor: Cursor): Texts {
  const open = /^\((\?(?::|<?[=!]))?/.exec(cursor.pattern.slice(cursor.at))?.[0] ?? '(';
  cursor.at += open.length;
  const texts = alternatives(cursor);
  if (cursor.next === ')') cursor.at++;
  return open === '(' || open === '(?:' ? texts : undefined;
}

/** A class, an escape or an anchor. */
function passOther(cursor: Cursor): void {
  const found = /^(?:\[\^?\]?(?:\\.|[^\]\\])*\]|\\.|.)/s.exec(cursor.pattern.slice(cursor.at));
  cursor.at += Math.max(1, found?.[0].length ?? 1);
}

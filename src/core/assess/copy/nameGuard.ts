import { isOwnPhrase } from './ownWords.ts';
import { wordsOf } from './words.ts';

/** From this length on a name is looked for inside of words too: `stcontosologs`. */
const LEAST_INSIDE = 6;
/** Shorter names are words of many languages: they are names only where they are written alike. */
const LEAST_ANY_CASE = 4;

/**
 * Tells whether a text names somebody else. Where a name of one's own and another's overlap (Contoso, Contoso Labs) the
 * longer one is meant.
 */
export class NameGuard {
  private readonly own: Names;
  private readonly foreign: Names;
  /** Short foreign names as they are written. */
  private readonly exact: ReadonlySet<string>;
  private readonly inside = new Map<string, boolean>();

  constructor(own: readonly string[], foreign: readonly string[]) {
    this.own = new Names(own);
    const mine = new Set(own.map((name) => wordsOf(name).join(' ')));
    const others = foreign.filter((name) => {
      const words = wordsOf(name);
      return words.length > 0 && !mine.has(words.join(' ')) && !isOwnPhrase(words);
    });
    const isShort = (name: string): boolean => wordsOf(name).join('').length < LEAST_ANY_CASE;
    this.foreign = new Names(others.filter((name) => !isShort(name)));
    this.exact = new Set(others.filter(isShort).map((name) => name.normalize('NFC')));
  }

  /** Whether the text names somebody else. */
  names(text: string): boolean {
    const words = wordsOf(text);
    for (let at = 0; at < words.length;) {
      const mine = this.own.longest(words, at);
      if (this.foreign.longest(words, at) > mine) return true;
      if (mine === 0 && this.isInside(words[at]!)) return true;
      at += Math.max(1, mine);
    }
    if (this.exact.size === 0) return false;
    const written = text.normalize('NFC').match(/[\p{L}\p{N}\p{M}&+]+/gu) ?? [];
    return written.some((word) => this.exact.has(word));
  }

  private isInside(word: string): boolean {
    if (word.length <= LEAST_INSIDE) return false;
    let found = this.inside.get(word);
    if (found === undefined) {
      const rest = this.own.joined.reduce((left, name) => left.replaceAll(name, ' '), word);
      found = !isOwnPhrase([word]) && this.foreign.joined.some((name) => rest.includes(name));
      this.inside.set(word, found);
    }
    return found;
  }
}

/** Names as runs of words, by their first one. */
class Names {
  /** Written as one word; those long enough to be looked for inside of others. */
  readonly joined: readonly string[];
  private readonly runs = new Map<string, (readonly string[])[]>();

  constructor(names: readonly string[]) {
    const all = new Map(names.map((name) => wordsOf(name)).map((words) => [words.join(' '), words]));
    const joined = new Set<string>();
    for (const words of all.values()) {
      if (words.length === 0) continue;
      const one = words.join('');
      if (one.length >= LEAST_INSIDE && words.length < 6) joined.add(one);
      this.add(words);
      if (words.length > 1) this.add([one]);
    }
    this.joined = [...joined].sort((a, b) => b.length - a.length);
  }

  /** How many words the longest name takes that begins there, counted in letters; 0 for none. */
  longest(words: readonly string[], at: number): number {
    const runs = this.runs.get(words[at]!) ?? [];
    const fitting = runs.filter((run) => run.every((word, i) => words[at + i] === word));
    return fitting.reduce((most, run) => Math.max(most, run.length), 0);
  }

  private add(words: readonly string[]): void {
    const [first] = words as [string];
    const runs = this.runs.get(first);
    if (runs) runs.push(words);
    else this.runs.set(first, [words]);
  }
}

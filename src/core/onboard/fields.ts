import { isGuid } from '../../model/ids.ts';
import type { PlacedEntry, PlacedJson } from '../customers/placedJson.ts';

/** Hears of a mistake; `line` from 1. */
export type Tell = (line: number, message: string) => void;

/** The fields of one object of a file: what is missing, of another type or unknown is told at its line. */
export class Fields {
  private readonly entries: ReadonlyMap<string, PlacedEntry>;
  private readonly at: number;
  private readonly whose: string;
  private readonly tell: Tell;
  private readonly below: Fields | undefined;
  private readonly source: PlacedJson | undefined;

  /**
   * `node` absent is an object without fields. `known`: those it may have; absent where that was looked at already.
   * `whose` is how a sentence calls it.
   */
  constructor(
    node: PlacedJson | undefined,
    known: readonly string[] | undefined,
    whose: string,
    tell: Tell,
    below?: Fields,
  ) {
    this.source = node;
    this.at = node?.line ?? 1;
    this.whose = whose;
    this.tell = tell;
    this.below = below;
    const entries = node?.kind === 'object' ? node.entries : [];
    this.entries = new Map(entries.map((entry) => [entry.key, entry]));
    if (!known) return;
    if (node && node.kind !== 'object') tell(node.line, `${capital(whose)} is an object.`);
    for (const { key, line } of entries)
      if (!known.includes(key))
        tell(line, `"${key}" is not a field of ${whose}; use ${known.filter((one) => one !== '$schema').join(', ')}.`);
  }

  /** These fields, and where one is absent that of `below`. */
  over(below: Fields): Fields {
    return new Fields(this.source, undefined, this.whose, this.tell, below);
  }

  /** The line of a field, or of the object where it has none. */
  line(name: string): number {
    return this.entry(name)?.line ?? this.at;
  }

  node(name: string): PlacedJson | undefined {
    return this.entry(name)?.value;
  }

  text(name: string): string | undefined {
    const value = this.value(name, 'string', 'a text');
    if (value !== '') return value as string | undefined;
    this.tell(this.line(name), `"${name}" is empty.`);
    return undefined;
  }

  number(name: string): number | undefined {
    return this.value(name, 'number', 'a number') as number | undefined;
  }

  needText(name: string): string | undefined {
    if (!this.entry(name)) this.tell(this.at, `"${name}" is missing in ${this.whose}.`);
    return this.text(name);
  }

  /** In lower case. */
  needGuid(name: string): string | undefined {
    const text = this.needText(name);
    if (text === undefined || isGuid(text)) return text?.toLowerCase();
    this.tell(this.line(name), `"${name}" is a GUID, not "${text.slice(0, 60)}".`);
    return undefined;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    const choice = choices.find((one) => one === text);
    if (text !== undefined && choice === undefined)
      this.tell(this.line(name), `"${name}" is one of ${choices.join(', ')}, not "${text.slice(0, 60)}".`);
    return choice;
  }

  list(name: string): readonly PlacedJson[] {
    const node = this.node(name);
    if (!node || node.kind === 'array') return node?.items ?? [];
    this.tell(this.line(name), `"${name}" is a list.`);
    return [];
  }

  /** An object of texts. */
  texts(name: string): Readonly<Record<string, string>> {
    const node = this.node(name);
    if (!node) return {};
    if (node.kind !== 'object') {
      this.tell(this.line(name), `"${name}" is an object of texts.`);
      return {};
    }
    const pairs = node.entries.flatMap(({ key, line, value }): [string, string][] => {
      if (value.kind === 'value' && typeof value.value === 'string') return [[key, value.value]];
      this.tell(line, `"${key}" is a text.`);
      return [];
    });
    return Object.fromEntries(pairs);
  }

  private entry(name: string): PlacedEntry | undefined {
    return this.entries.get(name) ?? this.below?.entry(name);
  }

  private value(name: string, type: 'string' | 'number', called: string): unknown {
    const node = this.node(name);
    if (!node) return undefined;
    if (node.kind === 'value' && typeof node.value === type) return node.value;
    this.tell(this.line(name), `"${name}" is ${called}.`);
    return undefined;
  }
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

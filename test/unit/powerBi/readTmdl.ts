import type { TmdlObject, TmdlValue } from '../../../src/core/powerBi/tmdl.ts';

/**
 * What may stand where, as the documentation of TMDL and of the tabular object model has it: the properties of each
 * kind of object that a project writes, which kinds stand in it, and whether it has an expression. No grammar of TMDL is
 * published that runs here: this reader is our own, and stricter than Microsoft's.
 */
const KINDS: Readonly<Record<string, { in: string[]; named: boolean; properties: string[]; expression?: true }>> = {
  database: { in: ['file'], named: false, properties: ['compatibilityLevel'] },
  model: {
    in: ['file'],
    named: true,
    properties: ['culture', 'defaultPowerBIDataSourceVersion', 'sourceQueryCulture'],
  },
  annotation: { in: ['model'], named: true, properties: [], expression: true },
  table: { in: ['file'], named: true, properties: ['isHidden', 'dataCategory'] },
  measure: { in: ['table'], named: true, properties: ['formatString'], expression: true },
  column: {
    in: ['table'],
    named: true,
    properties: ['dataType', 'isHidden', 'isKey', 'isNameInferred', 'formatString', 'summarizeBy', 'sourceColumn'],
  },
  partition: { in: ['table'], named: true, properties: ['mode', 'source'], expression: true },
  relationship: { in: ['file'], named: true, properties: ['fromColumn', 'toColumn'] },
  expression: { in: ['file'], named: true, properties: [], expression: true },
  role: { in: ['file'], named: true, properties: ['modelPermission'] },
  tablePermission: { in: ['role'], named: true, properties: [], expression: true },
};
const NAME = String.raw`[A-Za-z_]\w*|'(?:[^'\n]|'')+'`;
const OBJECT = new RegExp(`^(\\w+)(?: (${NAME}))?(?: =(?: (.+))?)?$`, 'u');
const PROPERTY = /^(\w+)(?:: (.+)| =(?: (.+))?)?$/u;
const REFERENCES: ReadonlySet<string> = new Set(['fromColumn', 'toColumn']);

interface Line {
  readonly depth: number;
  readonly text: string;
  readonly at: number;
}

/** A file of TMDL as its objects, and what `ref` lines name. Throws with the line for anything that is not TMDL. */
export function readTmdl(text: string): { objects: TmdlObject[]; refs: string[] } {
  const lines = text.split('\n').map((line, at): Line => {
    const depth = /^\t*/.exec(line)![0].length;
    return { depth, text: line.slice(depth), at: at + 1 };
  });
  const refs: string[] = [];
  const body = lines.filter((line) => {
    const ref = new RegExp(`^ref (?:table|role) (${NAME})$`, 'u').exec(line.text);
    if (!ref || line.depth > 0) return true;
    refs.push(unquoted(ref[1]!));
    return false;
  });
  const reader = new Reader(body);
  const objects = reader.objects(0, 'file');
  if (!reader.ended) reader.fail('nothing can stand here');
  return { objects, refs };
}

/** A name without its quotes. */
export function unquoted(name: string): string {
  return name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name;
}

class Reader {
  private at = 0;
  private readonly lines: readonly Line[];

  constructor(lines: readonly Line[]) {
    this.lines = lines;
  }

  get ended(): boolean {
    return this.lines.slice(this.at).every(({ text }) => text === '');
  }

  objects(depth: number, parent: string): TmdlObject[] {
    const found: TmdlObject[] = [];
    for (;;) {
      const before = this.at;
      this.skipEmpty();
      const line = this.lines[this.at];
      if (!line || line.depth !== depth || !(line.text.startsWith('/// ') || this.isObject(line))) {
        this.at = before;
        return found;
      }
      found.push(this.object(depth, parent));
    }
  }

  fail(why: string): never {
    this.skipEmpty();
    const line = this.lines[this.at];
    throw new Error(`line ${line?.at ?? 'last'}: ${why}: ${JSON.stringify(line?.text)}`);
  }

  private object(depth: number, parent: string): TmdlObject {
    const description = this.lines[this.at]!.text.startsWith('/// ')
      ? this.lines[this.at++]!.text.slice('/// '.length)
      : undefined;
    const line = this.lines[this.at]!;
    if (line.depth !== depth || !this.isObject(line)) this.fail('an object is missing');
    const [, kind, name, beside] = OBJECT.exec(line.text)!;
    const known = KINDS[kind!]!;
    if (!known.in.includes(parent)) this.fail(`${kind!} cannot stand in ${parent}`);
    if ((name !== undefined) !== known.named) this.fail('a name');
    if (line.text.includes(' =', kind!.length + (name?.length ?? 0)) !== (known.expression === true))
      this.fail('an expression');
    this.at++;
    const expression = known.expression ? (beside ?? this.block(depth + 2)) : undefined;
    const properties = this.properties(depth + 1, known.properties);
    const children = this.objects(depth + 1, kind!);
    return {
      kind: kind!,
      ...(name === undefined ? {} : { name: unquoted(name) }),
      ...(expression === undefined ? {} : { expression }),
      ...(description === undefined ? {} : { description }),
      properties,
      children,
    };
  }

  private properties(depth: number, known: readonly string[]): [string, TmdlValue][] {
    const found: [string, TmdlValue][] = [];
    for (;;) {
      const line = this.lines[this.at];
      if (!line || line.depth !== depth || line.text === '' || this.isObject(line) || line.text.startsWith('///'))
        return found;
      const match = PROPERTY.exec(line.text);
      if (!match || !known.includes(match[1]!)) this.fail('a property');
      if (found.some(([name]) => name === match[1])) this.fail('a property twice');
      this.at++;
      const [, name, value, beside] = match;
      if (value !== undefined) found.push([name!, valueOf(name!, value)]);
      else if (line.text === name) found.push([name, true]);
      else found.push([name!, { expression: beside ?? this.block(depth + 2) }]);
    }
  }

  /** The lines of an expression: at least as far in as `depth`. */
  private block(depth: number): string {
    const lines: string[] = [];
    for (let line = this.lines[this.at]; line; line = this.lines[++this.at]) {
      if (line.text !== '' && line.depth < depth) break;
      if (line.text === '' && (this.lines[this.at + 1]?.depth ?? 0) < depth) break;
      lines.push(`${'\t'.repeat(Math.max(0, line.depth - depth))}${line.text}`);
    }
    if (lines.length === 0) this.fail('an expression is missing');
    return lines.join('\n');
  }

  private isObject({ text }: Line): boolean {
    const match = OBJECT.exec(text);
    return match !== null && Object.hasOwn(KINDS, match[1]!);
  }

  private skipEmpty(): void {
    while (this.lines[this.at]?.text === '') this.at++;
  }
}

function valueOf(name: string, text: string): TmdlValue {
  if (REFERENCES.has(name) || text.startsWith('[')) return { reference: text };
  if (/^\d+$/.test(text)) return Number(text);
  if (!text.startsWith('"')) return text;
  if (!/^"(?:[^"]|"")*"$/.test(text)) throw new Error(`${name}: ${text}`);
  return text.slice(1, -1).replaceAll('""', '"');
}

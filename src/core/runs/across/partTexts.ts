import type { RemotePart } from '../../../kql/across/acrossPlan.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { WrittenPlan } from './acrossWorld.ts';

/** Lists that are the same object are the same list: schemas are interned. */
const ids = new WeakMap<object, number>();
let lastId = 0;
function idOf(list: object): number {
  let id = ids.get(list);
  if (id === undefined) ids.set(list, (id = ++lastId));
  return id;
}

/** What targets are sent for one part: written once for all whose tables look the same. */
export class PartTexts {
  private readonly byShape = new Map<string, string | undefined>();
  private readonly part: RemotePart;
  private readonly written: WrittenPlan;

  constructor(part: RemotePart, written: WrittenPlan) {
    this.part = part;
    this.written = written;
  }

  /** Undefined where the target has none of the part's tables. */
  of(schema: SourceSchema): string | undefined {
    const shape = this.shapeOf(schema);
    if (!this.byShape.has(shape)) this.byShape.set(shape, this.written.text(this.part, schema));
    return this.byShape.get(shape);
  }

  private shapeOf({ tables, functions = [] }: SourceSchema): string {
    const wanted = new Set(this.part.tables);
    const own = tables.filter((table) => wanted.has(table.name)).map(({ name, columns }) => `${name} ${idOf(columns)}`);
    return [...own.sort(), functions.length > 0 ? idOf(functions) : 0].join('\n');
  }
}

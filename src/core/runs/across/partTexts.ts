import type { RemotePart } from '../../../kql/across/acrossPlan.ts';
import type { SharedQuery } from '../../../kql/across/remoteQuery.ts';
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

/** What a target is sent for a part by itself and, where it can be asked so, together with others. */
export interface PartText {
  readonly text: string;
  readonly shared?: SharedQuery;
}

/** What targets are sent for one part: written once for all whose tables look the same. */
export class PartTexts {
  private readonly byShape = new Map<string, PartText | undefined>();
  private readonly part: RemotePart;
  private readonly written: WrittenPlan;

  private readonly sharing: boolean;

  /** `sharing`: whether anybody may be asked together with others. */
  constructor(part: RemotePart, written: WrittenPlan, sharing: boolean) {
    this.part = part;
    this.written = written;
    this.sharing = sharing;
  }

  /** Undefined where the target has none of the part's tables. */
  of(schema: SourceSchema): PartText | undefined {
    const shape = this.shapeOf(schema);
    if (!this.byShape.has(shape)) this.byShape.set(shape, this.write(schema));
    return this.byShape.get(shape);
  }

  private write(schema: SourceSchema): PartText | undefined {
    const text = this.written.text(this.part, schema);
    if (text === undefined) return undefined;
    const shared = this.sharing || schema.only ? this.written.shared(this.part, schema) : undefined;
    return { text, ...(shared ? { shared } : {}) };
  }

  private shapeOf({ tables, functions = [], only }: SourceSchema): string {
    const wanted = new Set(this.part.tables);
    const own = tables.filter((table) => wanted.has(table.name)).map(({ name, columns }) => `${name} ${idOf(columns)}`);
    return [...own.sort(), functions.length > 0 ? idOf(functions) : 0, only ? idOf(only) : 0].join('\n');
  }
}

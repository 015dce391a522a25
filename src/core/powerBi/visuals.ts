/** A column or a measure of the model. */
export interface Field {
  readonly kind: 'Column' | 'Measure';
  readonly table: string;
  readonly name: string;
  /** What a reader sees instead of its name. */
  readonly shownAs?: string;
}

/** Where a visual stands on its page, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A visual: its kind as Power BI names it, its title, and which fields it shows in which of its roles. */
export interface Visual {
  readonly type: 'card' | 'clusteredBarChart' | 'lineChart' | 'tableEx' | 'slicer';
  readonly title: string;
  readonly place: Place;
  readonly fields: Readonly<Record<string, readonly Field[]>>;
  /** What it is ordered by. */
  readonly order?: { readonly field: Field; readonly direction: 'Ascending' | 'Descending' };
}

const SCHEMA =
  'https://developer.microsoft.com/json-schemas/fabric/item/report/definition/visualContainer/2.9.0/schema.json';

/** The content of `visual.json`. `at` is its place in the order of the tab key. */
export function visualJson(name: string, { type, title, place, fields, order }: Visual, at: number): unknown {
  return {
    $schema: SCHEMA,
    name,
    position: { ...place, z: at, tabOrder: at },
    visual: {
      visualType: type,
      query: {
        queryState: Object.fromEntries(
          Object.entries(fields).map(([role, list]) => [role, { projections: list.map(projection) }]),
        ),
        ...(order
          ? {
              sortDefinition: {
                sort: [{ field: expression(order.field), direction: order.direction }],
                isDefaultSort: false,
              },
            }
          : {}),
      },
      ...(type === 'slicer' ? { objects: { data: [{ properties: { mode: literal('Dropdown') } }] } } : {}),
      visualContainerObjects: {
        title: [{ properties: { show: { expr: { Literal: { Value: 'true' } } }, text: literal(title) } }],
        general: [{ properties: { altText: literal(title) } }],
      },
      drillFilterOtherVisuals: true,
    },
  };
}

function projection(field: Field): unknown {
  const { table, name, shownAs } = field;
  return {
    field: expression(field),
    queryRef: `${table}.${name}`,
    nativeQueryRef: name,
    ...(shownAs === undefined ? {} : { displayName: shownAs }),
  };
}

function expression({ kind, table, name }: Field): unknown {
  return { [kind]: { Expression: { SourceRef: { Entity: table } }, Property: name } };
}

function literal(text: string): unknown {
  return { expr: { Literal: { Value: `'${text.replaceAll("'", "''")}'` } } };
}

/**
 * What the published JSON schemas of Power BI projects (developer.microsoft.com/json-schemas/fabric) ask of the files
 * that a project has, told in our own words for as much of them as we write: each rule names the members an object may
 * have (`?` where it need not), and a value that is not an object is a test of it. The schemas themselves can be had
 * from Microsoft and judge the same files with `TENANTSCOPE_POWERBI_SCHEMAS`, see `report.test.ts`.
 */
export type Rule = ((value: unknown) => boolean) | readonly [each: Rule] | { readonly [member: string]: Rule };

const text = (value: unknown): boolean => typeof value === 'string';
const number = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const truth = (value: unknown): boolean => typeof value === 'boolean';
const name = (value: unknown): boolean => text(value) && /^[\w-]{1,50}$/.test(value as string);
const one =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

const source: Rule = { Expression: { SourceRef: { Entity: text } }, Property: text };
const field: Rule = { 'Column?': source, 'Measure?': source };
const role: Rule = { projections: [{ field, queryRef: text, 'nativeQueryRef?': text, 'displayName?': text }] };
const literal: Rule = { expr: { Literal: { Value: text } } };
const properties = (members: Readonly<Record<string, Rule>>): Rule => [{ properties: members }];

const visual: Rule = {
  visualType: one('card', 'clusteredBarChart', 'lineChart', 'tableEx', 'slicer'),
  query: {
    queryState: { 'Values?': role, 'Category?': role, 'Y?': role },
    'sortDefinition?': { sort: [{ field, direction: one('Ascending', 'Descending') }], isDefaultSort: truth },
  },
  'objects?': { data: properties({ mode: literal }) },
  visualContainerObjects: {
    title: properties({ show: literal, text: literal }),
    general: properties({ altText: literal }),
  },
  drillFilterOtherVisuals: truth,
};

const AT = 'https://developer.microsoft.com/json-schemas/fabric';

/** The rule of each kind of file, by its `$schema`. */
export const RULES: Readonly<Record<string, Rule>> = {
  [`${AT}/pbip/pbipProperties/1.0.0/schema.json`]: {
    version: text,
    artifacts: [{ report: { path: text } }],
    settings: { enableAutoRecovery: truth },
  },
  [`${AT}/item/report/definitionProperties/2.0.0/schema.json`]: {
    version: text,
    datasetReference: { byPath: { path: text } },
  },
  [`${AT}/item/semanticModel/definitionProperties/1.0.0/schema.json`]: { version: text, settings: {} },
  [`${AT}/item/report/definition/versionMetadata/1.0.0/schema.json`]: {
    version: (value) => text(value) && /^[1-9]\d*\.(?:0|[1-9]\d*)\.0$/.test(value as string),
  },
  [`${AT}/item/report/definition/report/3.3.0/schema.json`]: { themeCollection: {} },
  [`${AT}/item/report/definition/pagesMetadata/1.1.0/schema.json`]: { pageOrder: [name], activePageName: name },
  [`${AT}/item/report/definition/page/2.1.0/schema.json`]: {
    name,
    displayName: text,
    displayOption: one('FitToPage', 'FitToWidth', 'ActualSize'),
    height: number,
    width: number,
  },
  [`${AT}/item/report/definition/visualContainer/2.9.0/schema.json`]: {
    name,
    position: { x: number, y: number, z: number, height: number, width: number, tabOrder: number },
    visual,
  },
};

/** What of a value is against its rule, by its path; empty where nothing is. */
export function against(rule: Rule, value: unknown, path = ''): string[] {
  if (typeof rule === 'function') return rule(value) ? [] : [`${path}: ${JSON.stringify(value)}`];
  if (isList(rule))
    return Array.isArray(value) && value.length > 0
      ? value.flatMap((each, i) => against(rule[0], each, `${path}/${i}`))
      : [`${path}: no list`];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`];
  const members = new Map(Object.entries(rule).map(([member, own]) => [member.replace(/\?$/, ''), own]));
  const needed = Object.keys(rule).filter((member) => !member.endsWith('?'));
  return [
    ...needed.filter((member) => !Object.hasOwn(value, member)).map((member) => `${path}/${member} is missing`),
    ...Object.entries(value).flatMap(([member, own]) => {
      const known = members.get(member);
      return known ? against(known, own, `${path}/${member}`) : [`${path}/${member} is nothing that can be there`];
    }),
  ];
}

function isList(rule: Rule): rule is readonly [Rule] {
  return Array.isArray(rule);
}

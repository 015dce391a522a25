/**
 * Something whose answer over all workspaces together is not what each workspace's own answers give, one under the
 * other.
 */
export interface Construct {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const WHY: Readonly<Record<string, string>> = {
  summarize:
    'summarize groups the rows of each workspace on its own, so a group that several workspaces have appears once for each',
  distinct: 'distinct removes doubles within each workspace only',
  count: 'count counts each workspace on its own',
  top: 'top picks from each workspace on its own',
  take: 'take picks from each workspace on its own',
  limit: 'limit picks from each workspace on its own',
  sample: 'sample picks from each workspace on its own',
  sort: 'sort orders each workspace on its own',
  order: 'order by orders each workspace on its own',
  join: 'join matches rows within each workspace only',
  lookup: 'lookup finds rows within each workspace only',
  'make-series': 'make-series makes series of each workspace on its own',
  toscalar: 'toscalar reads each workspace on its own',
  expression: 'a value without a table is given once per workspace',
  subquery: 'a query inside the query reads each workspace on its own',
  print: 'print gives its row once per workspace',
  range: 'range gives its rows once per workspace',
  datatable: 'datatable gives its rows once per workspace',
  externaldata: 'externaldata gives its rows once per workspace',
  'workspace()': 'workspace() reads the same other workspace from each',
};

/**
 * Why an answer is labelled as each workspace's own, in one sentence for people: the first construct in full, the
 * others by name.
 */
export function sentenceFor(constructs: readonly Construct[]): string {
  const first = constructs[0]!;
  if (first.name === 'no query') return 'There is no query here.';
  const names = [...new Set(constructs.map((c) => c.name))];
  const why =
    WHY[first.name] ??
    (first.name.endsWith(')')
      ? `${first.name} may look at more than one row at a time`
      : `${first.name} looks at the rows of each workspace on their own`);
  const others = names.length > 1 ? ` (also: ${names.slice(1).join(', ')})` : '';
  return `Each workspace's own answer, one under the other: ${why}${others}.`;
}

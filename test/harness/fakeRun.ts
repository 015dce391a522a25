import type { Handlers } from '../../src/base/rpc.ts';
import type { ResultsHost, RunView, TargetView } from '../../src/protocol/results.ts';
import type { RowCell, RowFilter } from '../../src/model/rows.ts';
import type { MergedColumn } from '../../src/model/run.ts';

/** A run of made-up rows for page tests: deterministic, as long and as wide as asked. */
const BASE: readonly MergedColumn[] = [
  { name: '_Customer', type: 'string', presentIn: 24, attribution: true },
  { name: '_Tenant', type: 'string', presentIn: 24, attribution: true },
  { name: '_Workspace', type: 'string', presentIn: 24, attribution: true },
  { name: 'TimeGenerated', type: 'datetime', presentIn: 24 },
  { name: 'Computer', type: 'string', presentIn: 24 },
  { name: 'CounterValue', type: 'real', presentIn: 24 },
  { name: 'Count', type: 'long', presentIn: 22 },
  { name: 'Properties', type: 'dynamic', presentIn: 12 },
];
const CUSTOMERS = ['Contoso', 'Fabrikam', 'Adatum', 'Tailspin Toys', 'Northwind Traders', 'Litware'];

export function fakeColumns(count: number): MergedColumn[] {
  return Array.from(
    { length: count },
    (_, index) => BASE[index] ?? { name: `Column${index}`, type: 'string', presentIn: 24 },
  );
}

export function fakeCell(column: MergedColumn, row: number): RowCell {
  switch (column.name) {
    case '_Customer':
      return CUSTOMERS[row % CUSTOMERS.length]!;
    case '_Tenant':
      return `${CUSTOMERS[row % CUSTOMERS.length]!.toLowerCase().replaceAll(' ', '')}.example`;
    case '_Workspace':
      return `log-${CUSTOMERS[row % CUSTOMERS.length]!.toLowerCase().replaceAll(' ', '-')}-${row % 3}`;
    case 'TimeGenerated':
      return new Date(Date.UTC(2026, 10, 22) - row * 1000).toISOString().replace('Z', '0000Z');
    case 'Computer':
      return row % 97 === 0 ? '<script>alert(1)</script>' : `srv-${row % 40}.example`;
    case 'CounterValue':
      return row % 11 === 0 ? null : Math.round((row * 7919) % 10_000) / 100;
    case 'Count':
      return row;
    case 'Properties':
      return JSON.stringify({ row, tags: ['a', 'b'], nested: { ok: row % 2 === 0 } });
    default:
      return `${column.name} ${row}`;
  }
}

export function fakeTargets(count: number): TargetView[] {
  return Array.from({ length: count }, (_, index): TargetView => {
    const name = CUSTOMERS[index % CUSTOMERS.length]!;
    const shared = {
      workspace: `w${index}`,
      workspaceName: `log-${name.toLowerCase().replaceAll(' ', '-')}-${index}`,
      customerName: name,
      // One customer has a second tenant.
      tenantName: index === 6 ? 'contoso-labs.example' : `${name.toLowerCase().replaceAll(' ', '')}.example`,
      tenant: `tenant-${index % CUSTOMERS.length}`,
      path: index % 2 ? 'lighthouse' : 'guest',
      attempts: 1,
    };
    if (index === 3)
      return {
        ...shared,
        state: 'failed',
        mayAnswerAgain: true,
        rows: 0,
        tookMs: 210,
        reason: 'No access: this account may not query the workspace. Ask for Log Analytics Reader.',
      };
    if (index === 5)
      return {
        ...shared,
        state: 'partial',
        mayAnswerAgain: true,
        rows: 500_000,
        tookMs: 9100,
        reason: 'Truncated at 500,000 rows. Narrow the time range or summarize.',
      };
    if (index === 7)
      return {
        ...shared,
        state: 'skipped',
        rows: 0,
        reason: 'The tenant asks for multifactor sign-in.',
        canSignIn: true,
      };
    return { ...shared, state: 'answered', rows: 1000 + index, tookMs: 180 + ((index * 137) % 900) };
  });
}

export function fakeRun(rowCount: number, columnCount = 8, change: Partial<RunView> = {}): RunView {
  return {
    run: 'run-1',
    title: 'Perf',
    state: 'finished',
    startedAt: '2026-11-22T10:00:00Z',
    elapsedMs: 2345,
    scopeLabel: '24 workspaces, 14 customers',
    completeness: {
      asked: 24,
      answered: 21,
      complete: false,
      missing: [
        { reason: 'no access', count: 1, workspaces: [] },
        { reason: 'truncated', count: 1, workspaces: [] },
        { reason: 'sign-in required', count: 1, workspaces: [] },
      ],
      sentence: '21 of 24 workspaces answered, 1 no access, 1 truncated, 1 sign-in required',
    },
    targets: fakeTargets(24),
    columns: fakeColumns(columnCount),
    rowCount,
    answer: 'across',
    ...change,
  };
}

/** The numbers of the rows that pass, worked out for runs of few rows; all of them where nothing is asked. */
function passingRows(run: RunView, filters: readonly RowFilter[] = [], search = ''): readonly number[] | undefined {
  if (filters.length === 0 && search === '') return undefined;
  const texts = (row: number): readonly string[] =>
    run.columns.map((column) => String(fakeCell(column, row) ?? '').toLowerCase());
  return Array.from({ length: run.rowCount }, (_, row) => row).filter((row) => {
    const cells = texts(row);
    return (
      filters.every(({ column, op, value = '' }) => {
        const cell = cells[run.columns.findIndex(({ name }) => name === column)];
        const same = cell === (op === 'empty' || op === 'notEmpty' ? '' : value.toLowerCase());
        return op === 'equals' || op === 'empty' ? same : !same;
      }) && cells.some((cell) => cell.includes(search.toLowerCase()))
    );
  });
}

/** A host that answers from the made-up rows and remembers what it was asked. */
export function fakeHost(run: RunView): { handlers: Handlers<ResultsHost>; asked: { name: string; input: unknown }[] } {
  const asked: { name: string; input: unknown }[] = [];
  const note = <T>(name: string, input: unknown, output: T): T => {
    asked.push({ name, input });
    return output;
  };
  return {
    asked,
    handlers: {
      ready: (input) => note('ready', input, run),
      rows: (input) => {
        const passing = passingRows(run, input.filters, input.search);
        const total = passing?.length ?? run.rowCount;
        const descending = input.sort?.[0]?.descending === true;
        const rows = Array.from({ length: Math.max(0, Math.min(input.count, total - input.first)) }, (_, index) => {
          const place = descending ? total - 1 - input.first - index : input.first + index;
          return run.columns.map((column) => fakeCell(column, passing ? passing[place]! : place));
        });
        return note('rows', input, { first: input.first, total, columns: run.columns.map(({ name }) => name), rows });
      },
      groups: (input) => {
        const counts = new Map<string, number>();
        const column = run.columns.find(({ name }) => name === input.column)!;
        const passing = passingRows(run, input.filters, input.search) ?? [...Array(run.rowCount).keys()];
        for (const row of passing) {
          const value = String(fakeCell(column, row) ?? '');
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        const all = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
        const groups = all.slice(input.first, input.first + input.count);
        return note('groups', input, { column: input.column, total: all.length, rows: passing.length, groups });
      },
      find: (input) => {
        const columns = input.columns.map((wanted) => run.columns.find(({ name }) => name === wanted)!);
        const passing = passingRows(run, input.filters, input.search) ?? [...Array(run.rowCount).keys()];
        const all = passing.flatMap((number, row) =>
          columns.flatMap((cells, column) =>
            String(fakeCell(cells, number) ?? '')
              .toLowerCase()
              .includes(input.text.toLowerCase())
              ? [{ row, column }]
              : [],
          ),
        );
        const before = (place: { row: number; column: number }): number =>
          place.row - input.from.row || place.column - input.from.column;
        const last = all.findLastIndex((place) => before(place) < 0);
        const next = all.findIndex((place) => before(place) > (input.direction === 'here' ? -1 : 0));
        const index = input.direction === 'previous' ? (last < 0 ? all.length - 1 : last) : Math.max(0, next);
        const found = all[index];
        return note('find', input, { count: all.length, ...(found ? { found: { ...found, index } } : {}) });
      },
      askAgain: (input) => note('askAgain', input, null),
      keepLayout: (input) => note('keepLayout', input, null),
      statistics: (input) =>
        note('statistics', input, {
          column: input.column,
          rows: run.rowCount,
          empty: 3,
          distinct: 40,
          ...(input.column === 'Properties'
            ? {
                dynamic: {
                  kinds: [{ value: 'object', count: run.rowCount - 3 }],
                  keys: ['nested', 'row', 'tags'].map((value) => ({ value, count: run.rowCount - 3 })),
                  shapes: [{ value: '{nested, row, tags}', count: run.rowCount - 3 }],
                  characters: { least: 48, median: 50, most: 53 },
                  members: { least: 3, median: 3, most: 3 },
                },
              }
            : { min: '0', max: '99' }),
          top: [{ value: 'srv-1.example', count: 12 }],
        }),
      chart: (input) =>
        note('chart', input, {
          kind: input.kind,
          xType:
            input.kind === 'piechart' || input.kind === 'columnchart' || input.kind === 'barchart'
              ? ('category' as const)
              : ('time' as const),
          xName: input.x ?? 'TimeGenerated',
          thinned: false,
          series: CUSTOMERS.slice(0, input.kind === 'piechart' ? 1 : 4).map((name, series) => ({
            name,
            x: Array.from({ length: 24 }, (_, index) =>
              input.kind === 'piechart' || input.kind === 'columnchart' || input.kind === 'barchart'
                ? CUSTOMERS[index % 6]!
                : Date.UTC(2026, 10, 22, index),
            ),
            y: Array.from(
              { length: 24 },
              (_, index) => 20 + series * 15 + Math.round(10 * Math.sin(index / 3 + series)),
            ),
          })),
        }),
      copy: (input) => note('copy', input, null),
      export: (input) => note('export', input, { rows: run.rowCount, path: '/tmp/rows.csv' }),
      retry: (input) => note('retry', input, null),
      cancel: (input) => note('cancel', input, null),
      openCell: (input) => note('openCell', input, null),
      signIn: (input) => note('signIn', input, null),
      reveal: (input) => note('reveal', input, null),
      showBefore: (input) => note('showBefore', input, null),
      showOrigin: (input) => note('showOrigin', input, null),
    },
  };
}

import type { Cell, Column, DataTable } from '../../model/kqlType.ts';
import type { CustomerReport, Report } from '../../model/report.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Period', type: 'string' },
  { name: 'From', type: 'datetime' },
  { name: 'To', type: 'datetime' },
  { name: 'Customer', type: 'string' },
  /** `volume`, `change`, `silent`, `cap` or `missing`: what the row tells. */
  { name: 'Section', type: 'string' },
  { name: 'Workspace', type: 'string' },
  /** The table, the machine, or the part that is missing. */
  { name: 'Subject', type: 'string' },
  { name: 'GB', type: 'real' },
  { name: 'BilledGB', type: 'real' },
  { name: 'CostUsd', type: 'real' },
  /** Of the whole days, as GB of a change is. */
  { name: 'ExpectedGB', type: 'real' },
  /** The median of actual to expected over other customers. */
  { name: 'PeersRatio', type: 'real' },
  { name: 'Time', type: 'datetime' },
  { name: 'Text', type: 'string' },
];

/** A report as one table: a row for everything it tells. */
export function reportRows(report: Report): DataTable {
  return { columns: COLUMNS, rows: report.customers.flatMap((customer) => rowsOfCustomer(report, customer)) };
}

type Told = Partial<
  Record<
    'Workspace' | 'Subject' | 'GB' | 'BilledGB' | 'CostUsd' | 'ExpectedGB' | 'PeersRatio' | 'Time' | 'Text',
    string | number
  >
>;

function rowsOfCustomer(
  { period: { label, from, to } }: Report,
  { name, gaps, tables, changes, silent, capHits }: CustomerReport,
): readonly (readonly Cell[])[] {
  const row = (Section: string, told: Told): readonly Cell[] => {
    const cells: Readonly<Record<string, string | number>> = {
      ...{ Workspace: '', Subject: '', Text: '' },
      ...{ Period: label, From: from, To: to, Customer: name, Section },
      ...told,
    };
    return COLUMNS.map((column) => cells[column.name] ?? null);
  };
  return [
    ...gaps.map(({ of, part, reason }) => row('missing', { Workspace: of, Subject: part, Text: reason })),
    ...tables.map(({ table, gb, billedGb, cost }) =>
      row('volume', { Subject: table, GB: gb, BilledGB: billedGb, CostUsd: cost }),
    ),
    ...changes.map(({ table, gb, expectedGb, peers, unusualDays }) =>
      row('change', {
        ...{ Subject: table, GB: gb, ExpectedGB: expectedGb, Text: unusualDays.join(', ') },
        ...(peers === undefined ? {} : { PeersRatio: peers }),
      }),
    ),
    ...silent.map(({ kind, name: source, workspace, last }) =>
      row('silent', { Workspace: workspace, Subject: source, Time: last, Text: kind }),
    ),
    ...capHits.map(({ workspace, day, first }) => row('cap', { Workspace: workspace, Time: first, Text: day })),
  ];
}

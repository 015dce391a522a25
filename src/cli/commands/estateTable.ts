import type { Cell, Column } from '../../model/kqlType.ts';

/** A table as it is printed. */
export interface PrintedTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A workspace, or a tenant or customer without one (its `region` is empty), as a line of the list. */
export interface EstateLine {
  readonly customer: string;
  readonly tenant: string;
  readonly workspace: string;
  readonly access: string;
  readonly region: string;
  readonly retentionDays: number | null;
  readonly dailyCapGb: number | null;
  readonly sentinel: boolean | null;
  /** What is to be known of it, in a few words. */
  readonly note: string;
  /** Why, in a sentence or more. */
  readonly reason?: string;
}

/** The list as others read it: CSV, and lines of a pipe. Each line says everything. */
export function estateTable(lines: readonly EstateLine[]): PrintedTable {
  return {
    columns: [
      text('Customer'),
      text('Tenant'),
      text('Workspace'),
      text('Access'),
      text('Region'),
      { name: 'RetentionDays', type: 'int' },
      { name: 'DailyCapGb', type: 'real' },
      { name: 'Sentinel', type: 'bool' },
      text('Note'),
    ],
    rows: lines.map((one) => [
      one.customer,
      one.tenant,
      one.workspace,
      one.access,
      one.region,
      one.retentionDays,
      one.dailyCapGb,
      one.sentinel,
      one.reason ?? one.note,
    ]),
  };
}

/**
 * The list for a screen: no column that is empty all through, a tenant only where it is not called as its customer is,
 * and why somebody cannot be entered is left for below.
 */
export function estateScreen(lines: readonly EstateLine[]): PrintedTable {
  const all: readonly (readonly [Column, (line: EstateLine) => Cell])[] = [
    [text('Customer'), whose],
    [text('Workspace'), ({ workspace }) => workspace],
    [text('Access'), ({ access }) => access],
    [text('Region'), ({ region }) => region],
    [{ name: 'Days', type: 'int' }, ({ retentionDays }) => retentionDays],
    [{ name: 'Cap GB', type: 'real' }, ({ dailyCapGb }) => dailyCapGb],
    [text('Sentinel'), ({ sentinel }) => (sentinel === true ? 'yes' : '')],
    [text('Note'), ({ note }) => note],
  ];
  const used = all.filter(([, of]) => lines.some((line) => of(line) !== '' && of(line) !== null));
  return { columns: used.map(([column]) => column), rows: lines.map((line) => used.map(([, of]) => of(line))) };
}

/** The customer, and which tenant of it where that is called otherwise: `Contoso, Contoso Labs`. */
export function whose({ customer, tenant }: Pick<EstateLine, 'customer' | 'tenant'>): string {
  return tenant === customer || tenant === '' ? customer : `${customer}, ${tenant}`;
}

function text(name: string): Column {
  return { name, type: 'string' };
}

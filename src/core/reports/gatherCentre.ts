import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { ReportPeriod } from '../../model/report.ts';
import type { ReportCentrePort } from '../../ports/reports.ts';
import { rowsOf } from '../assess/facts/answerRows.ts';
import type { AnswerRow } from '../assess/facts/answerRows.ts';
import type { RollupProgress } from '../rollup/progress.ts';
import { toCap, toMachine, toVolume } from './gathered.ts';
import type { Gathered, GatheredWorkspace, Gathering } from './gathered.ts';
import { settledAt } from './period.ts';
import { CAPS, MACHINES, VOLUME } from './questions.ts';
import type { ReportQuestion } from './questions.ts';

/** A report from a centre: what is asked, and how far its roll-ups are. */
export interface CentreQuestion {
  readonly period: ReportPeriod;
  readonly centre: ReportCentrePort;
  readonly progress: readonly RollupProgress[];
  /** Whose workspaces are in the report. */
  readonly isAsked: (one: Pick<RollupProgress, 'customer' | 'workspace'>) => boolean;
  readonly signal?: CancelSignal;
}

/** One workspace of the centre: of one customer, by name. */
interface Known {
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly name: string;
}

/**
 * The same of a centre that `gatherLive` asks of workspaces: of everybody whose volume was ever pulled there, for the
 * centre knows nobody else. Windows that are not stored are what the report lacks. Rejects with `input.rollup` where
 * the roll-ups of reports are not there, and as the centre does.
 */
export async function gatherCentre(asked: CentreQuestion): Promise<Gathered> {
  const { centre, isAsked } = asked;
  const mine = (question: ReportQuestion): readonly RollupProgress[] => progressOf(question, asked);
  const known = new Map<string, Known>();
  for (const one of mine(VOLUME).filter(isAsked))
    known.set(placeOf(one.customerName, one.workspaceName), { ...one, name: one.workspaceName });
  const twins = sharedNames(asked.progress);
  const [volume, machines, caps] = await Promise.all([
    askCentre(VOLUME, asked, mine(VOLUME), toVolume),
    askCentre(MACHINES, asked, mine(MACHINES), toMachine),
    askCentre(CAPS, asked, mine(CAPS), toCap),
  ]);
  const workspaces = [...known].map(([place, { customer, customerName, name }]): GatheredWorkspace => {
    // Rows tell whose they are by name: of two that share one nobody knows.
    const reason = twins.has(customerName) ? 'another customer has the same name' : undefined;
    const part = <Row>(of: ReadonlyMap<string, Gathering<Row>>): Gathering<Row> =>
      reason === undefined ? (of.get(place) ?? { rows: [], reason: 'not rolled up' }) : { rows: [], reason };
    const since = firstKnown(mine(VOLUME), customer, name, asked.period);
    return {
      customer,
      name,
      volume: part(volume),
      machines: part(machines),
      caps: part(caps),
      ...(since === undefined ? {} : { knownFrom: since }),
    };
  });
  const customers = new Map([...known.values()].map((one) => [one.customer, one.customerName]));
  return {
    from: centre.name,
    customers: [...customers].map(([key, name]) => ({ key, name })),
    workspaces,
    gaps: [],
  };
}

/** How far the one version of a roll-up is; none where it is not there. Rejects with `input.rollup` for two. */
function progressOf({ rollup }: ReportQuestion, { progress, centre }: CentreQuestion): readonly RollupProgress[] {
  const all = progress.filter((one) => one.rollup.startsWith(`${rollup}-`) && one.sink === centre.name);
  const versions = new Set(all.map((one) => one.rollup));
  if (versions.size > 1)
    throw new AppError(
      'input.rollup',
      `The centre ${centre.name} has ${versions.size} versions of ${rollup}, and a report reads one. Leave the roll-up as "tenantscope report --write-rollups" writes it, in a centre of its own.`,
    );
  if (versions.size === 0 && rollup === VOLUME.rollup)
    throw new AppError(
      'input.rollup',
      `The centre ${centre.name} has no roll-up ${rollup}. Write it with "tenantscope report --write-rollups" and pull it with "tenantscope rollup run".`,
    );
  return all;
}

async function askCentre<Row>(
  question: ReportQuestion,
  { centre, period, signal = NEVER }: CentreQuestion,
  progress: readonly RollupProgress[],
  read: (row: AnswerRow) => Row,
): Promise<ReadonlyMap<string, Gathering<Row>>> {
  const places = new Map<string, { rows: Row[]; reason?: string }>();
  for (const one of progress) {
    const reason = lackingOf(one, period);
    places.set(placeOf(one.customerName, one.workspaceName), { rows: [], ...(reason === undefined ? {} : { reason }) });
  }
  if (progress.length === 0) return places;
  const table = await centre.query(question.central(period), signal);
  for (const row of rowsOf({ tables: [{ name: 'PrimaryResult', ...table }], bytes: 1 }))
    places.get(placeOf(row.text('_Customer'), row.text('_Workspace')))?.rows.push(read(row));
  return places;
}

/** Why not all of the period is in the centre; undefined where it is. */
function lackingOf({ stored, stopped, until }: RollupProgress, period: ReportPeriod): string | undefined {
  const from = Date.parse(period.from);
  const to = settledAt(period);
  if (stored.some((range) => range.from <= from && range.to >= to)) return undefined;
  if (stopped) return 'stopped by a change of its tables';
  const reached = stored.find((range) => range.from <= from && range.to > from)?.to ?? until;
  return reached !== undefined && reached > from && reached < to
    ? `stored until ${new Date(reached).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : 'not all of it is stored';
}

/** The first whole day from which on everything to the period is stored. */
function firstKnown(
  progress: readonly RollupProgress[],
  customer: CustomerKey,
  name: string,
  { from }: ReportPeriod,
): string | undefined {
  const one = progress.find((each) => each.customer === customer && each.workspaceName === name);
  const begins = one?.stored.find((range) => range.from <= Date.parse(from) && range.to > Date.parse(from))?.from;
  if (begins === undefined) return undefined;
  // Of the day of the first window only what came in it is there.
  return new Date(Math.ceil(begins / 86_400_000) * 86_400_000).toISOString().slice(0, 10);
}

/** Names that more than one customer has. */
function sharedNames(progress: readonly RollupProgress[]): ReadonlySet<string> {
  const keys = new Map<string, CustomerKey>();
  const shared = new Set<string>();
  for (const { customer, customerName } of progress) {
    if ((keys.get(customerName) ?? customer) !== customer) shared.add(customerName);
    keys.set(customerName, customer);
  }
  return shared;
}

function placeOf(customer: string, workspace: string): string {
  return JSON.stringify([customer, workspace]);
}

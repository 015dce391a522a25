import { createHash } from 'node:crypto';
import { AppError } from '../../../src/base/errors.ts';
import { AlertStore } from '../../../src/core/alerts/central/alertStore.ts';
import { CentralAlerts } from '../../../src/core/alerts/central/centralAlerts.ts';
import { atMoment } from '../../../src/kql/alerts/atMoment.ts';
import { isCustomersOwn } from '../../../src/kql/alerts/customersOwn.ts';
import { readAlertFile } from '../../../src/kql/queryFiles/alertFile.ts';
import type { AlertDefinition } from '../../../src/model/alert.ts';
import { toCustomerKey, toRunId, toWorkspaceKey } from '../../../src/model/ids.ts';
import type { RowCell } from '../../../src/model/rows.ts';
import type { Run, TargetState } from '../../../src/model/run.ts';
import type { WebhookAnswer } from '../../../src/ports/alertDelivery.ts';
import type { RollupStatePort } from '../../../src/ports/rollups.ts';
import { MemoryState } from '../../contract/rollup/memory.ts';
import { customer, tenant } from '../estate/sampleEstate.ts';
import type { Estate } from '../../../src/model/estate.ts';

export const MINUTE = 60_000;
/** 2026-03-02T10:00Z. */
export const BEGIN = Date.parse('2026-03-02T10:00:00.000Z');

/** Three customers; what their workspaces answer is the test's. */
export const CUSTOMERS = ['contoso', 'fabrikam', 'adatum'] as const;
const NAMES = { contoso: 'Contoso', fabrikam: 'Fabrikam', adatum: 'Adatum' } as const;

/** A request as the receiver saw it. */
export interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly data: { readonly essentials: Record<string, unknown> } } & Record<string, unknown>;
}

/** A central evaluation whose rows, receivers, files and time are the test's. */
export class CentralWorld {
  now = BEGIN;
  /** Rows as `[customer, computer, value?, minutes before now?]`. */
  rows: (readonly [string, string, number?, number?])[] = [];
  /** What happened when, as `[customer, ISO time]`: it is in the answers that are of its time. */
  happened: (readonly [string, string])[] = [];
  /** Questions whose end is one of these have no answer, for this reason. */
  readonly refused = new Map<string, AppError>();
  /** Whose workspace did not answer. */
  readonly silent = new Set<string>();
  /** Who is not in the estate any more. */
  readonly gone = new Set<string>();
  readonly posted: Posted[] = [];
  readonly lines: { readonly file: string; readonly id: string; readonly line: string }[] = [];
  readonly tickets = new Map<string, string>();
  template = '# {{alert}} at {{customer}}';
  /** The next answers of receivers, else 200; a function may throw. */
  readonly answers: (number | (() => WebhookAnswer))[] = [];
  readonly slept: number[] = [];
  answerMode: Run['answer'] = 'across';
  /** Columns of the answer beside whose it is. */
  withCustomer = true;
  readonly estate: Estate;
  readonly state: RollupStatePort;
  readonly asked: string[] = [];
  readonly queries: string[] = [];
  private range = { from: '', to: '' };

  constructor(state: RollupStatePort = new MemoryState()) {
    this.state = state;
    this.estate = {
      customers: CUSTOMERS.map((key, n) => ({ ...customer(key, n + 1), name: NAMES[key] })),
      tenants: CUSTOMERS.map((key, n) => tenant(key, n + 1)),
      workspaces: [],
      accounts: [],
      groups: [],
      problems: [],
    } as unknown as Estate;
  }

  /** A runner on the same state, receivers and time. */
  runner(owner = 'one', state = this.state): CentralAlerts {
    return new CentralAlerts({
      store: new AlertStore(state),
      webhooks: {
        post: (url, body, headers) => {
          this.posted.push({ url, headers, body: JSON.parse(body) as Posted['body'] });
          const answer = this.answers.shift() ?? 200;
          return Promise.resolve().then(() => (typeof answer === 'number' ? { status: answer } : answer()));
        },
      },
      files: {
        appendLine: (file, id, line) => {
          if (!this.lines.some((one) => one.id === id && one.file === file)) this.lines.push({ file, id, line });
          return Promise.resolve();
        },
        writeTicket: (file, text) => {
          this.tickets.set(file, text);
          return Promise.resolve();
        },
        template: () => Promise.resolve(this.template),
      },
      clock: {
        now: () => this.now,
        sleep: (ms) => {
          this.slept.push(ms);
          return Promise.resolve();
        },
      },
      owner,
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      estate: () => Promise.resolve(this.estate),
      ask: {
        atMoment: (query, moment) => Promise.resolve(atMoment(query, moment)),
        isCustomersOwn: (query) => Promise.resolve(isCustomersOwn(query)),
        runs: {
          start: ({ query, timeRange }) => {
            this.asked.push(timeRange.kind === 'between' ? `${timeRange.from}/${timeRange.to}` : timeRange.kind);
            this.queries.push(query);
            if (timeRange.kind === 'between') this.range = timeRange;
            const refusal = this.refused.get(this.range.to);
            if (refusal) throw refusal;
            if (query.includes('Nonsense')) throw new AppError('query.semantic', 'There is no table Nonsense.');
            return Promise.resolve(this.run());
          },
          ended: () => Promise.resolve(this.run()),
          cancel: () => undefined,
          discard: () => Promise.resolve(),
          rows: () =>
            ({
              window: ({ columns = [] }: { columns?: readonly string[] }) =>
                Promise.resolve({ rows: this.answered().map((row) => columns.map((name) => row[name] ?? null)) }),
            }) as never,
        },
      },
    });
  }

  private answered(): Record<string, RowCell>[] {
    const { from, to } = this.range;
    const then = this.happened
      .filter(([, at]) => at >= from && at < to)
      .map(([whose, at]) => [whose, 'web', 1, (this.now - Date.parse(at)) / MINUTE] as const);
    return [...this.rows, ...then]
      .filter(([whose]) => !this.silent.has(whose))
      .map(([whose, computer, value = 1, ago = 1]) => ({
        _Customer: NAMES[whose as keyof typeof NAMES] ?? whose,
        Computer: computer,
        Value: value,
        TimeGenerated: new Date(this.now - ago * MINUTE).toISOString(),
      }));
  }

  private run(): Run {
    const names = [...(this.withCustomer ? ['_Customer'] : []), 'Computer', 'Value', 'TimeGenerated'];
    const state = (key: string): TargetState => (this.silent.has(key) ? 'failed' : 'answered');
    return {
      id: toRunId('run'),
      state: 'finished',
      answer: this.answerMode,
      targets: CUSTOMERS.filter((key) => !this.gone.has(key)).map((key) => ({
        kind: 'workspace',
        workspace: toWorkspaceKey(`/subscriptions/s/resourceGroups/g/providers/m/workspaces/law-${key}`),
        customer: toCustomerKey(key),
        customerName: NAMES[key],
        state: state(key),
      })),
      columns: names.map((name) => ({ name, type: 'string', presentIn: 3 })),
      rowCount: this.answered().length,
      completeness: {
        complete: this.silent.size === 0,
        sentence: `${3 - this.silent.size} of 3 workspaces answered`,
      },
    } as unknown as Run;
  }
}

/** A definition of these comment lines; a window is looked at as soon as it is over, unless they say otherwise. */
export async function define(lines: string, query = 'Heartbeat'): Promise<AlertDefinition> {
  const { definition, problems } = await readAlertFile(
    'Silent.kql',
    `${lines}\n${lines.includes('@lateness') ? '' : '// @lateness 0m\n'}${query}`,
  );
  if (!definition) throw new Error(problems.map(({ message }) => message).join(' '));
  return definition;
}

import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import type { GraphPort, GraphQuestion } from '../../ports/graph.ts';
import type { LogsAnswer } from '../../ports/logs.ts';
import { callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { subjectOfTenant } from '../errors/subject.ts';
import type { GraphPage } from '../arm/resourceGraph.ts';
import { readGraphTable } from './graphTable.ts';

/** A thousand rows a page: past these the answer is cut, and says so. */
const MOST_PAGES = 500;
/** Pages of a large answer come at the pace of the quota. */
const DEADLINE_MS = 11 * 60_000;

/** Questions of runs to Resource Graph: all pages of an answer, and why there is more than came. */
export class GraphClient implements GraphPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async query({ issuer, subscriptions, query }: GraphQuestion, signal: CancelSignal): Promise<LogsAnswer> {
    const subject = subjectOfTenant(issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: DEADLINE_MS }, async (abort) => {
      const door = await this.clients.graph(issuer);
      let columns: readonly Column[] = [],
        bytes = 0,
        partial: AppErrorData | undefined,
        skipToken: string | undefined;
      const rows: Cell[][] = [];
      const asked = new Set<string>();
      for (let pages = 1; ; pages++) {
        const page = await door.tablePage(query, subscriptions, skipToken, abort);
        const table = readGraphTable(page.data, page.body);
        // A success without its table is told as the unreadable answer that it is.
        if (!table) throw new SyntaxError('An answer of Resource Graph without its table.');
        if (pages === 1) ({ columns } = table);
        for (const row of table.rows) rows.push(row);
        bytes += page.body.length;
        if (page.limitHit) partial = tooManySubscriptions();
        const next = page.skipToken;
        if (!next || asked.has(next))
          return toAnswer({ columns, rows, bytes }, partial ?? missingOf(page, rows.length));
        if (pages === MOST_PAGES) return toAnswer({ columns, rows, bytes }, cutAfter(rows.length, page.total));
        asked.add(next);
        skipToken = next;
      }
    });
  }
}

function toAnswer(
  { columns, rows, bytes }: { readonly columns: readonly Column[]; readonly rows: Cell[][]; readonly bytes: number },
  partial: AppErrorData | undefined,
): LogsAnswer {
  return { tables: [{ name: 'PrimaryResult', columns, rows }], bytes, ...(partial ? { partial } : {}) };
}

/** What the last page lacks: Azure finds the next one by the ids of rows alone, and says that there is more. */
function missingOf({ truncated, total, skipToken }: GraphPage, had: number): AppErrorData | undefined {
  if (!truncated && had >= total) return undefined;
  const of = total > had ? ` of ${total.toLocaleString('en-US')}` : '';
  const message =
    skipToken === undefined
      ? `Resource Graph gave the first ${had.toLocaleString('en-US')}${of} rows: it pages only rows that have their id. Keep the column id, or summarize to fewer rows.`
      : `Resource Graph gave ${had.toLocaleString('en-US')}${of} rows and led back to a page it had given. Try again.`;
  const unpaged = skipToken === undefined ? { unpaged: true } : {};
  return { code: 'query.truncated', message, retryable: skipToken !== undefined, data: { limitRows: had, ...unpaged } };
}

function cutAfter(had: number, total: number): AppErrorData {
  return {
    code: 'query.truncated',
    message: `The answer was cut after ${had.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} rows. Narrow the query, or summarize.`,
    retryable: false,
    data: { limitRows: had },
  };
}

function tooManySubscriptions(): AppErrorData {
  return {
    code: 'query.partial',
    message: 'Resource Graph looked at the first 10,000 subscriptions only. Ask about fewer of them.',
    retryable: false,
  };
}

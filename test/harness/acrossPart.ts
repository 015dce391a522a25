import { unioned } from '../../src/emulator/logs/relations.ts';
import type { EngineDatabase, EngineTable, LocalEngine, QueryOptions } from '../../src/engine/face.ts';
import type { RemotePart } from '../../src/kql/across/acrossPlan.ts';
import type { AcrossSchema } from '../../src/kql/across/acrossSchema.ts';
import { isAsked } from '../../src/kql/across/isAsked.ts';
import { remoteQuery, sharedQuery } from '../../src/kql/across/remoteQuery.ts';
import type { Cell } from '../../src/model/kqlType.ts';
import type { AcrossWorld } from './acrossWorld.ts';

type Workspace = AcrossWorld['workspaces'][number];
type Row = readonly Cell[];

/** What a part is asked with: of whom, when, over which schema. */
export interface PartQuestion {
  readonly engine: LocalEngine;
  readonly part: RemotePart;
  readonly schema: AcrossSchema;
  readonly now: bigint;
  /** What everybody reads at an address of `externaldata`. */
  readonly external?: QueryOptions['external'] | undefined;
  /** Hears each text that is sent, and to whom. */
  readonly sent: (text: string, to: readonly Workspace[]) => void;
}

/** The rows of a part, each with whose it is, every workspace asked by itself. */
export async function askAlone(workspaces: readonly Workspace[], question: PartQuestion): Promise<Row[]> {
  const { part, schema, now, sent } = question;
  const collected: Row[] = [];
  for (const workspace of workspaces) {
    const text = remoteQuery(part, workspace.schema, schema, now);
    if (text === undefined || !asks(part, workspace)) continue;
    sent(text, [workspace]);
    const { columns, rows } = await answerOf(question, text, workspace.database);
    const [is, wanted] = [columns, part.columns].map((list) => list.map(({ name, type }) => `${name}:${type}`).join());
    if (is !== wanted) throw new Error(`a part has ${is} instead of ${wanted}:\n${text}`);
    for (const row of rows) collected.push([...workspace.attribution, ...row]);
  }
  return collected;
}

/** The same rows, those asked at once that can be: as one database with the rows of all of them. */
export async function askTogether(workspaces: readonly Workspace[], question: PartQuestion): Promise<Row[]> {
  const { part, schema, now, sent } = question;
  const groups = new Map<string, Workspace[]>();
  for (const workspace of workspaces) {
    if (remoteQuery(part, workspace.schema, schema, now) === undefined || !asks(part, workspace)) continue;
    const { likes } = sharedQuery(part, workspace.schema, schema, now) ?? { likes: workspace.database.name };
    groups.set(likes, [...(groups.get(likes) ?? []), workspace]);
  }
  const collected: Row[] = [];
  for (const group of groups.values()) {
    const shared = group.length > 1 && sharedQuery(part, group[0]!.schema, schema, now);
    if (!shared) {
      collected.push(...(await askAlone(group, question)));
      continue;
    }
    const numbers = group.map((each) => sharedQuery(part, each.schema, schema, now)?.owner?.number ?? 0);
    const text = shared.owner?.text(numbers) ?? shared.text;
    const database = shared.owner ? group[0]!.database : unionOf(group);
    sent(text, group);
    const { columns, rows } = await answerOf(question, text, database);
    const key = columns.findIndex(({ name }) => name === shared.key);
    const own = part.columns.map((wanted) =>
      columns.findIndex((c) => c.name === wanted.name && c.type === wanted.type),
    );
    if (own.includes(-1) || columns.length !== own.length + 1) throw new Error(`other columns:\n${shared.text}`);
    for (const row of rows) {
      const whose = group.find(({ id }, i) =>
        shared.owner ? BigInt(row[key] as bigint) === BigInt(numbers[i]!) : id === row[key],
      );
      if (!whose) throw new Error(`a row of nobody: ${String(row[key])}\n${shared.text}`);
      collected.push([...whose.attribution, ...own.map((at) => row[at]!)]);
    }
  }
  return collected;
}

function asks(part: RemotePart, { attribution }: Workspace): boolean {
  const [_Customer, _Tenant, _Workspace] = attribution as readonly [string, string, string];
  return isAsked(part, { _Customer, _Tenant, _Workspace });
}

async function answerOf(
  { engine, now, external }: PartQuestion,
  text: string,
  database: EngineDatabase,
): Promise<{ readonly columns: EngineTable['columns']; readonly rows: readonly Row[] }> {
  const answer = await engine.query(text, { database, now, ...(external ? { external } : {}) });
  const { columns } = answer.tables[0]!;
  const rows = await answer.tables[0]!.rows();
  for (const each of answer.tables) await each.dispose();
  return { columns, rows };
}

/** What the service makes of workspaces that are asked together: tables of one name are one. */
function unionOf(workspaces: readonly Workspace[]): EngineDatabase {
  const tables = new Map<string, EngineTable[]>();
  for (const { database } of workspaces)
    for (const table of database.tables) tables.set(table.name, [...(tables.get(table.name) ?? []), table]);
  return { name: 'together', tables: [...tables].map(([name, parts]) => unioned(name, parts)) };
}

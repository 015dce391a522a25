import type { CancelSignal } from '../base/cancel.ts';
import type { EngineDatabase, LocalEngine } from '../engine/face.ts';
import { readLake } from '../engine/lake/readLake.ts';
import type { DataTable } from '../model/kqlType.ts';
import type { LocalKqlPort, ReportCentrePort } from '../ports/reports.ts';

/** KQL over tables that are handed along, answered by an engine of this machine; the tables go afterwards. */
export function localKql(engine: LocalEngine): LocalKqlPort {
  let asked = 0;
  return {
    answer: async (text, given, signal) => {
      const schema = `asked${++asked}`;
      const tables = [];
      try {
        for (const { name, columns, rows } of given) {
          const table = await engine.createTable(schema, name, columns);
          tables.push(table);
          await engine.append(table, rows, signal);
        }
        return await firstTable(engine, text, { name: schema, tables }, signal);
      } finally {
        for (const table of tables) await engine.dropTable(table);
      }
    },
  };
}

/** The lake as reports ask it. */
export function lakeCentre(engine: LocalEngine, lake: string): ReportCentrePort {
  let database: Promise<EngineDatabase> | undefined;
  return {
    name: 'lake',
    query: async (text, signal) => {
      database ??= readLake(engine, lake, 'lake', signal).then((read) => ({ name: 'lake', ...read }));
      return firstTable(engine, text, await database, signal);
    },
  };
}

async function firstTable(
  engine: LocalEngine,
  text: string,
  database: EngineDatabase,
  signal: CancelSignal,
): Promise<DataTable> {
  const { tables } = await engine.query(text, { database, signal });
  try {
    const [table] = tables;
    return { columns: table!.columns, rows: await table!.rows(0, table!.rowCount) };
  } finally {
    for (const table of tables) await table.dispose();
  }
}

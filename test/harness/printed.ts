import { toAppError } from '../../src/base/errors.ts';
import { Database } from '../../src/engine/database/database.ts';
import type { LocalEngine, QueryOptions } from '../../src/engine/face.ts';
import { discoverColumns } from '../../src/engine/runtime/discover.ts';
import { startEngine } from '../../src/engine/runtime/localEngine.ts';
import { NeedsDiscovery } from '../../src/kql/bind/evaluate.ts';
import { withPackAll } from '../../src/kql/bind/packAll.ts';
import { bindQuery } from '../../src/kql/bind/query.ts';
import { queryText, withDiscovery, withText } from '../../src/kql/bind/queryText.ts';
import { isTolerated } from '../../src/kql/bind/tolerance.ts';
import { NeedsText } from '../../src/kql/bind/splitNames.ts';
import { withViewsNamed } from '../../src/kql/bind/wildcardViews.ts';
import { analyze, diagnosticsOf } from '../../src/kql/kustoAnalysis.ts';
import { globalsFor } from '../../src/kql/kustoGlobals.ts';
import type { Plan } from '../../src/kql/plan.ts';
import { printPlan } from '../../src/kql/print/printQuery.ts';
import type { Cell, Column } from '../../src/model/kqlType.ts';
import { judge } from './score.ts';

/** An answer of all result tables of a query. */
interface Answer {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}
/**
 * What became of a query that was printed: `same` where the text binds to the same text again, Microsoft's parser has
 * nothing against it and it has the answer of the query; `unanswered` where the engine does not answer the query itself.
 */
export type Outcome =
  | { readonly kind: 'same'; readonly text: string }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'unprintable'; readonly why: string }
  | { readonly kind: 'different'; readonly text: string; readonly why: string };

/** Queries bound, printed and bound again over the tables of one database. */
export class PrintedQueries {
  readonly engine: LocalEngine;
  private readonly database: Database;
  private readonly options: QueryOptions;
  private constructor(database: Database, engine: LocalEngine, options: QueryOptions) {
    this.database = database;
    this.engine = engine;
    this.options = options;
  }
  /** `prepare` makes the tables there are. */
  static async open(
    options: Omit<QueryOptions, 'database'>,
    prepare: (engine: LocalEngine) => Promise<QueryOptions['database']>,
  ): Promise<PrintedQueries> {
    const database = await Database.open({ memoryLimitMb: 1024, threads: 1 });
    const engine = await startEngine(database, undefined, () => database.close());
    return new PrintedQueries(database, engine, { ...options, database: await prepare(engine) });
  }
  close(): Promise<void> {
    return this.engine.close();
  }

  /** The plan of a query, columns found where they depend on the rows. */
  async plan(text: string): Promise<Plan> {
    const { options } = this;
    const schema = { database: options.database };
    let query = withPackAll(withViewsNamed(queryText(text), schema));
    for (let round = 0; ; round++)
      try {
        return bindQuery(query, schema);
      } catch (thrown) {
        if (round > 20) throw thrown;
        if (thrown instanceof NeedsText) query = withText(query, thrown.rewriting);
        else if (thrown instanceof NeedsDiscovery)
          query = withDiscovery(
            query,
            thrown.discovery,
            await discoverColumns(thrown.discovery, options, options.now!, this.database),
          );
        else throw thrown;
      }
  }

  /** Prints a query, and holds what was printed against it. */
  async look(text: string, limitMs = 20_000): Promise<Outcome> {
    let wanted: readonly Answer[];
    try {
      wanted = await this.answer(text, limitMs);
    } catch {
      return { kind: 'unanswered' };
    }
    const plan = await this.plan(text);
    let printed: string;
    try {
      printed = printPlan(plan);
    } catch (thrown) {
      const { code, message, data } = toAppError(thrown);
      return {
        kind: 'unprintable',
        why: code === 'query.unsupported' ? String(data?.construct) : `${code}: ${message}`,
      };
    }
    const different = (why: string): Outcome => ({ kind: 'different', text: printed, why });
    const code = analyze(printed, globalsFor({ database: this.options.database }));
    // Errors that the service does not make are those of the query, too.
    const said = diagnosticsOf(code).find((d) => d.severity !== 'Suggestion' && !isTolerated(d, code.Syntax));
    if (said) return different(`${said.code}: ${said.message} at '${printed.slice(said.start, said.start + 40)}'`);
    try {
      const again = printPlan(await this.plan(printed));
      if (again !== printed) return different(`printed again it is\n${again}`);
      return compared(wanted, await this.answer(printed, limitMs), different) ?? { kind: 'same', text: printed };
    } catch (thrown) {
      return different(toAppError(thrown).message);
    }
  }

  private async answer(text: string, limitMs: number): Promise<Answer[]> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), limitMs);
    try {
      const { tables } = await this.engine.query(text, { ...this.options, signal: stop.signal, maxRows: 2_000 });
      const answers: Answer[] = [];
      for (const table of tables) {
        answers.push({ columns: table.columns, rows: await table.rows() });
        await table.dispose();
      }
      return answers;
    } finally {
      clearTimeout(timer);
    }
  }
}

function compared(
  wanted: readonly Answer[],
  got: readonly Answer[],
  different: (why: string) => Outcome,
): Outcome | undefined {
  if (wanted.length !== got.length) return different(`${got.length} tables, want ${wanted.length}`);
  for (const [i, want] of wanted.entries()) {
    const answer = got[i]!;
    const shape = (columns: readonly Column[]): string => columns.map((c) => `${c.name}:${c.type}`).join(', ');
    if (shape(want.columns) !== shape(answer.columns))
      return different(`columns ${shape(answer.columns)}; want ${shape(want.columns)}`);
    const { verdict, why } = judge({ ...want, ordered: false }, { id: '', ok: true, ...answer });
    if (verdict !== 'right') return different(why);
  }
  return undefined;
}

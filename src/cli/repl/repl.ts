import { createInterface } from 'node:readline/promises';
import type { Interface } from 'node:readline/promises';
import { toAppError } from '../../base/errors.ts';
import { LocalSignal } from '../../base/rpc.ts';
import type { LocalEngine, QueryOptions } from '../../engine/face.ts';
import type { LanguageService } from '../../kql/language/face.ts';
import { placedError } from '../output/placedError.ts';
import { printAnswer } from '../output/printAnswer.ts';
import type { PrintFormat } from '../output/printAnswer.ts';
import type { Terminal } from '../output/terminal.ts';
import { completeQuery, SCHEMA_ID } from './completer.ts';
import type { Completions } from './completer.ts';
import { completeDot, formatOf, HELP, printSchema, printTables, unknownCommand } from './dotCommands.ts';
import type { HistoryFile } from './historyFile.ts';
import { isWhole } from './inputEnd.ts';

export interface ReplWorld {
  readonly engine: Pick<LocalEngine, 'query' | 'explain' | 'sql'>;
  readonly data: Pick<QueryOptions, 'database' | 'resolve'>;
  readonly terminal: Terminal;
  readonly language: Pick<LanguageService, 'setSchema' | 'warm' | 'completion'>;
  /** Absent where nothing is to be kept. */
  readonly history?: HistoryFile;
  readonly format: PrintFormat;
  /** Rows of a table. */
  readonly limit: number;
}

const PROMPT = 'kql> ', GOES_ON = '  -> ';
const EXPLAIN = /^\.explain(?:\s+|$)/;

/**
 * Queries typed at a prompt. Prompts and everything about answers go to the terminal's screen, answers to standard output. Lines that come
 * while a query runs wait for their turn. Nothing that goes wrong ends it, only Ctrl+D and `.quit`.
 */
export class Repl {
  private readonly world: ReplWorld;
  private format: PrintFormat;
  private reader!: Interface;
  /** Lines of the query that is being typed. */
  private typed: string[] = [];
  private readonly ahead: string[] = [];
  private running: LocalSignal | undefined;
  private closed = false;
  /** Columns of the tables, and what all folders together add. */
  private readonly own: ReadonlySet<string>;
  /** readline's list of entries. */
  private live: string[] | undefined;

  constructor(world: ReplWorld) {
    this.world = world;
    const { tables, functions = [] } = world.data.database;
    this.own = new Set([...tables.flatMap((table) => table.columns.map((column) => column.name)), ...(functions.length > 0 ? ['_Workspace'] : [])]);
    this.format = world.format;
  }

  /** Resolves when the person has ended it. */
  async run(): Promise<void> {
    const { terminal, data: { database }, language, history } = this.world;
    await language.setSchema({ schemaId: SCHEMA_ID, tables: database.tables, functions: database.functions ?? [] });
    const names = database.tables.length + (database.functions?.length ?? 0);
    terminal.say(`${names === 1 ? '1 table' : `${names} tables`}. A query ends with a blank line or ; - .help tells more, Ctrl+D ends.`);
    await new Promise<void>((resolve) => {
      const reader = this.reader = createInterface({
        input: terminal.keyboard, output: terminal.screen, terminal: true, historySize: history ? 1_000 : 0, ...(history ? { history: [...history.entries] } : {}),
        completer: (line: string) => this.complete(line).catch((): Completions => [[], line]),
      });
      const settle = (): void => { if (this.closed && !this.running && this.ahead.length === 0) resolve(); };
      const end = (): void => { this.running?.abort(); reader.close(); };
      // A query is one entry, not each of its lines.
      reader.on('history', (lines: string[]) => { this.live = lines; this.recall(); });
      reader.on('line', (line) => { this.ahead.push(line); void this.drain().then(settle); });
      reader.on('SIGINT', () => { this.interrupt(); });
      reader.on('close', () => { this.closed = true; terminal.signal.removeEventListener('abort', end); settle(); });
      terminal.signal.addEventListener('abort', end);
      this.prompt();
      // Loaded while the person reads the first line, so that neither the first Tab nor the first query waits.
      setImmediate(() => { language.warm({ schemaId: SCHEMA_ID }).catch(() => undefined); });
    });
    terminal.say('');
  }

  private prompt(): void {
    this.reader.setPrompt(this.running ? '' : this.typed.length > 0 ? GOES_ON : PROMPT);
    if (!this.closed) this.reader.prompt(true);
  }

  /** Takes the lines that wait, up to one that has to be worked on; whoever works on it takes the rest. */
  private async drain(): Promise<void> {
    while (!this.running && this.ahead.length > 0) {
      const task = this.accept(this.ahead.shift()!);
      if (!task) continue;
      const signal = this.running = new LocalSignal();
      this.reader.setPrompt('');
      await task(signal);
      this.running = undefined;
    }
    if (!this.running) this.prompt();
  }

  /** What a line asks for; undefined where more lines are needed. */
  private accept(line: string): ((signal: LocalSignal) => Promise<void>) | undefined {
    const first = line.trim();
    if (this.typed.length === 0 && first === '') return undefined;
    if (this.typed.length === 0 && first.startsWith('.') && !EXPLAIN.test(first)) return (signal) => this.guarded('', () => this.command(first, signal));
    this.typed.push(line);
    const text = this.typed.join('\n');
    if (!isWhole(text.trimStart().replace(EXPLAIN, ''))) return undefined;
    this.typed = [];
    this.remember(text);
    const query = text.trimStart().replace(EXPLAIN, '').trimEnd();
    return (signal) => this.guarded(query, () => (EXPLAIN.test(text.trimStart()) ? this.explain(query) : this.ask(query, signal)));
  }

  private async command(line: string, signal: LocalSignal): Promise<void> {
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    const argument = rest.replace(/\s*;$/, '').trim();
    this.remember(line);
    switch (name.replace(/;$/, '')) {
      case '.tables': return printTables(this.world);
      case '.schema': return this.guarded(argument, () => printSchema(this.world, argument, signal));
      case '.format': this.format = formatOf(argument) ?? this.format; this.world.terminal.say(`Answers are printed as ${this.format}.`); return;
      case '.help': this.world.terminal.say(HELP); return;
      case '.quit': this.ahead.length = 0; this.reader.close(); return;
      default: throw unknownCommand(name);
    }
  }

  private async ask(query: string, signal: LocalSignal): Promise<void> {
    const { engine, data, terminal, limit } = this.world;
    const started = performance.now();
    const answer = await engine.query(query, { ...data, signal });
    try {
      await printAnswer(answer, { format: this.format, limit, signal }, terminal);
      const rows = answer.tables.reduce((sum, table) => sum + table.rowCount, 0);
      terminal.say(`${rows === 1 ? '1 row' : `${rows.toLocaleString('en-US')} rows`} in ${((performance.now() - started) / 1000).toFixed(2)} s`);
    } finally { for (const table of answer.tables) await table.dispose(); }
  }

  private async explain(query: string): Promise<void> { await this.world.terminal.write(`${await this.world.engine.explain(query, this.world.data)}\n`); }

  private async guarded(query: string, work: () => Promise<void>): Promise<void> {
    const { terminal } = this.world;
    try { await work(); } catch (thrown) { terminal.say(placedError(toAppError(thrown), query, terminal.width).trimEnd()); }
  }

  /** Ctrl+C: the query that runs is cancelled, with what was typed ahead; else what is typed is left. */
  private interrupt(): void {
    this.ahead.length = 0;
    if (this.running) { this.running.abort(); return; }
    this.typed = [];
    this.reader.write(null, { ctrl: true, name: 'e' });
    this.reader.write(null, { ctrl: true, name: 'u' });
    this.world.terminal.screen.write('^C\n');
    this.prompt();
  }

  private complete(line: string): Promise<Completions> {
    const { data, language } = this.world;
    const dot = this.typed.length === 0 && line.startsWith('.') ? completeDot(line, data) : undefined;
    if (dot) return Promise.resolve(dot);
    return completeQuery(language, [...this.typed, line].join('\n').trimStart().replace(EXPLAIN, ''), this.own);
  }

  private remember(text: string): void {
    this.world.history?.add(text);
    this.recall();
  }

  private recall(): void { if (this.live) this.live.splice(0, this.live.length, ...this.world.history?.entries ?? []); }
}

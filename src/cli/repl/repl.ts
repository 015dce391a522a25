import { visibleLines } from '../../base/visibleText.ts';
import { createInterface } from 'node:readline/promises';
import type { Interface } from 'node:readline/promises';
import { AppError, toAppError } from '../../base/errors.ts';
import { LocalSignal } from '../../base/rpc.ts';
import type { LocalEngine } from '../../engine/face.ts';
import type { LanguageService } from '../../kql/language/face.ts';
import { addFile } from '../localData.ts';
import type { LocalData } from '../localData.ts';
import { placedError } from '../output/placedError.ts';
import { printAnswer } from '../output/printAnswer.ts';
import type { PrintFormat } from '../output/printAnswer.ts';
import type { Terminal } from '../output/terminal.ts';
import { safeText } from '../output/safeText.ts';
import { completeQuery, SCHEMA_ID } from './completer.ts';
import type { Completions } from './completer.ts';
import { completeDot, formatOf, HELP, pathOf, printSchema, printTables, unknownCommand } from './dotCommands.ts';
import type { HistoryFile } from './historyFile.ts';
import { isWhole } from './inputEnd.ts';

/** What a prompt works with. */
export interface ReplWorld {
  readonly engine: Pick<LocalEngine, 'query' | 'explain' | 'sql' | 'loadFile'>;
  readonly data: LocalData;
  readonly terminal: Terminal;
  readonly language: Pick<LanguageService, 'setSchema' | 'warm' | 'completion'>;
  /** Absent where nothing is to be kept. */
  readonly history?: HistoryFile;
  readonly format: PrintFormat;
  /** Rows of a table. */
  readonly limit: number;
}

const PROMPT = 'kql> ',
  GOES_ON = '  -> ';
const EXPLAIN = /^\.explain(?:\s+|$)/;

/**
 * Queries typed at a prompt. Prompts and everything about answers go to the terminal's screen, answers to standard
 * output. Lines that come while a query runs wait for their turn. Nothing that goes wrong ends it, only Ctrl+D and
 * `.quit`.
 */
export class Repl {
  private readonly world: ReplWorld;
  private data: LocalData;
  private format: PrintFormat;
  private reader!: Interface;
  /** Lines of the query that is being typed. */
  private typed: string[] = [];
  private readonly ahead: string[] = [];
  private running: LocalSignal | undefined;
  private closed = false;
  private own: ReadonlySet<string>;
  /** readline's list of entries. */
  private live: string[] | undefined;

  constructor(world: ReplWorld) {
    this.world = world;
    this.data = world.data;
    this.own = ownColumns(world.data);
    this.format = world.format;
  }

  /** Resolves when the person has ended it. */
  async run(): Promise<void> {
    const {
      terminal,
      data: { database },
      language,
      history,
    } = this.world;
    await this.use(this.data);
    const names = database.tables.length + (database.functions?.length ?? 0);
    terminal.say(
      `${names === 1 ? '1 table' : `${names} tables`}. A query ends with a blank line or ; - .help tells more, Ctrl+D ends.`,
    );
    await new Promise<void>((resolve) => {
      const reader = (this.reader = createInterface({
        input: terminal.keyboard,
        output: terminal.screen,
        terminal: true,
        historySize: history ? 1_000 : 0,
        ...(history ? { history: [...history.entries] } : {}),
        completer: (line: string) => this.complete(line).catch((): Completions => [[], line]),
      }));
      const settle = (): void => {
        if (this.closed && !this.running && this.ahead.length === 0) resolve();
      };
      const end = (): void => {
        this.running?.abort();
        reader.close();
      };
      // A query is one entry, not each of its lines.
      reader.on('history', (lines: string[]) => {
        this.live = lines;
        this.recall();
      });
      reader.on('line', (line) => {
        this.ahead.push(line);
        void this.drain().then(settle);
      });
      reader.on('SIGINT', () => {
        this.interrupt();
      });
      reader.on('close', () => {
        this.closed = true;
        terminal.signal.removeEventListener('abort', end);
        settle();
      });
      terminal.signal.addEventListener('abort', end);
      this.prompt();
      // Loaded while the person reads the first line, so that neither the first Tab nor the first query waits.
      setImmediate(() => {
        language.warm({ schemaId: SCHEMA_ID }).catch(() => undefined);
      });
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
      const signal = (this.running = new LocalSignal());
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
    if (this.typed.length === 0 && first.startsWith('.') && !EXPLAIN.test(first))
      return (signal) => this.guarded('', () => this.command(first, signal));
    this.typed.push(line);
    const text = this.typed.join('\n');
    if (!isWhole(text.trimStart().replace(EXPLAIN, ''))) return undefined;
    this.typed = [];
    this.remember(text);
    const query = text.trimStart().replace(EXPLAIN, '').trimEnd();
    return (signal) =>
      this.guarded(query, () => (EXPLAIN.test(text.trimStart()) ? this.explain(query) : this.ask(query, signal)));
  }

  private async command(line: string, signal: LocalSignal): Promise<void> {
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    const argument = rest.replace(/\s*;$/, '').trim();
    this.remember(line);
    switch (name.replace(/;$/, '')) {
      case '.tables':
        return printTables({ ...this.world, data: this.data });
      case '.schema':
        return this.guarded(argument, () => printSchema({ ...this.world, data: this.data }, argument, signal));
      case '.load':
        return this.load(argument, signal);
      case '.format':
        this.format = formatOf(argument) ?? this.format;
        this.world.terminal.say(`Answers are printed as ${this.format}.`);
        return;
      case '.help':
        this.world.terminal.say(HELP);
        return;
      case '.quit':
      case '.exit':
        this.ahead.length = 0;
        this.reader.close();
        return;
      default:
        throw unknownCommand(name);
    }
  }

  private async use(data: LocalData): Promise<void> {
    const { tables, functions = [] } = data.database;
    this.data = data;
    this.own = ownColumns(data);
    await this.world.language.setSchema({ schemaId: SCHEMA_ID, tables, functions });
  }

  private async load(path: string, signal: LocalSignal): Promise<void> {
    if (path === '') throw new AppError('input.usage', 'Name a file: .load FILE');
    const { data, table } = await addFile(this.world.engine, this.data, pathOf(path), signal);
    await this.use(data);
    this.world.terminal.say(
      `${safeText(table.name)}: ${table.columns.length === 1 ? '1 column' : `${table.columns.length} columns`}.`,
    );
  }

  private async ask(query: string, signal: LocalSignal): Promise<void> {
    const {
      data,
      world: { engine, terminal, limit },
    } = this;
    const started = performance.now();
    const answer = await engine.query(query, { ...data, signal });
    try {
      await printAnswer(answer, { format: this.format, limit, signal }, terminal);
      const rows = answer.tables.reduce((sum, table) => sum + table.rowCount, 0);
      terminal.say(
        `${rows === 1 ? '1 row' : `${rows.toLocaleString('en-US')} rows`} in ${((performance.now() - started) / 1000).toFixed(2)} s`,
      );
    } finally {
      for (const table of answer.tables) await table.dispose();
    }
  }

  private async explain(query: string): Promise<void> {
    await this.world.terminal.write(`${visibleLines(await this.world.engine.explain(query, this.data))}\n`);
  }

  private async guarded(query: string, work: () => Promise<void>): Promise<void> {
    const { terminal } = this.world;
    try {
      await work();
    } catch (thrown) {
      terminal.say(placedError(toAppError(thrown), query, terminal.width).trimEnd());
    }
  }

  /** Ctrl+C: the query that runs is cancelled, with what was typed ahead; else what is typed is left. */
  private interrupt(): void {
    this.ahead.length = 0;
    if (this.running) {
      this.running.abort();
      return;
    }
    this.typed = [];
    this.reader.write(null, { ctrl: true, name: 'e' });
    this.reader.write(null, { ctrl: true, name: 'u' });
    this.world.terminal.screen.write('^C\n');
    this.prompt();
  }

  private complete(line: string): Promise<Completions> {
    const {
      data,
      world: { language },
    } = this;
    const dot = this.typed.length === 0 && line.startsWith('.') ? completeDot(line, data) : undefined;
    if (dot) return Promise.resolve(dot);
    return completeQuery(language, [...this.typed, line].join('\n').trimStart().replace(EXPLAIN, ''), this.own);
  }

  private remember(text: string): void {
    this.world.history?.add(text);
    this.recall();
  }

  private recall(): void {
    if (this.live) this.live.splice(0, this.live.length, ...(this.world.history?.entries ?? []));
  }
}

/** Columns of the tables, and what all folders together add. */
function ownColumns({ database: { tables, functions = [] } }: LocalData): ReadonlySet<string> {
  return new Set([
    ...tables.flatMap((table) => table.columns.map((column) => column.name)),
    ...(functions.length > 0 ? ['_Workspace'] : []),
  ]);
}

import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, posix, win32 } from 'node:path';
import { scan } from '../../kql/scan.ts';
import { safeText } from '../output/safeText.ts';
import { ownFolder } from '../../app/ownFolder.ts';

/** What is kept at most; the oldest go first. A longer query is not kept at all. */
const ENTRIES = 1_000,
  CHARACTERS = 256_000,
  LONGEST = 8_000;

/** The file in the person's own folder; arguments as of `ownFolder`. */
export function historyPath(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: NodeJS.Platform = process.platform,
): string {
  return (platform === 'win32' ? win32 : posix).join(ownFolder(env, home, platform), 'kql-history');
}

/**
 * Queries that were asked, one a line, oldest first, readable by their owner alone: they may name people. (Windows has
 * no such mode: there the access list of the local application data says the same.) A history that cannot be read or
 * written is told once and costs nothing else.
 */
export class HistoryFile {
  /** Newest first, as readline wants them. */
  readonly entries: string[];
  private readonly path: string;
  private readonly say: (text: string) => void;
  private broken = false;

  private constructor(path: string, entries: string[], say: (text: string) => void) {
    this.path = path;
    this.entries = entries;
    this.say = say;
  }

  static open(path: string, say: (text: string) => void): HistoryFile {
    const history = new HistoryFile(path, [], say);
    history.guarded(() => {
      history.load();
    });
    return history;
  }

  add(query: string): void {
    const entry = oneLine(query);
    if (entry === undefined || entry === this.entries[0]) return;
    const before = this.entries.indexOf(entry);
    if (before >= 0) this.entries.splice(before, 1);
    this.entries.unshift(entry);
    this.entries.length = Math.min(this.entries.length, ENTRIES);
    this.guarded(() => {
      appendFileSync(this.path, `${entry}\n`, { mode: 0o600 });
    });
  }

  private load(): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    let text = '';
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return;
    }
    chmodSync(this.path, 0o600);
    const lines = text.split('\n').filter((line) => line !== '');
    let characters = 0;
    // What somebody else wrote into the file must not move the cursor.
    for (const line of lines.toReversed()) {
      if (this.entries.length >= ENTRIES || (characters += line.length + 1) > CHARACTERS) break;
      if (safeText(line) === line && !this.entries.includes(line)) this.entries.push(line);
    }
    if (this.entries.length === lines.length) return;
    const passing = `${this.path}.${process.pid}`;
    writeFileSync(
      passing,
      this.entries
        .toReversed()
        .map((entry) => `${entry}\n`)
        .join(''),
      { mode: 0o600 },
    );
    renameSync(passing, this.path);
  }

  private guarded(work: () => void): void {
    if (this.broken) return;
    try {
      work();
    } catch (error) {
      this.broken = true;
      this.say(`The history is not kept: ${safeText((error as Error).message)}.`);
    }
  }
}

/**
 * A query as one line: without its comments, its lines joined. Undefined where a text goes over several lines, and for
 * what no line should hold.
 */
function oneLine(query: string): string | undefined {
  let line = '',
    code = '',
    from = 0;
  for (const { kind, start, end } of scan(query).spans) {
    code += query.slice(from, start);
    if (kind === 'string') {
      line += code.replaceAll(/\s+/g, ' ') + query.slice(start, end);
      code = '';
    }
    from = end;
  }
  line = (line + (code + query.slice(from)).replaceAll(/\s+/g, ' ')).trim();
  return line !== '' && line.length <= LONGEST && safeText(line) === line ? line : undefined;
}

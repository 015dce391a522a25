import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { AlertFilesPort } from '../ports/alertDelivery.ts';
import type { Terminal } from './output/terminal.ts';

/**
 * The folder of `--out`, where JSON lines and tickets go, and the templates beside the definitions. Names come from
 * files of a repository: none of them leads out of its folder.
 */
export class AlertOut implements AlertFilesPort {
  private readonly folder: string | undefined;
  private readonly templates: string;
  private readonly terminal: Pick<Terminal, 'write'>;

  constructor(ends: {
    readonly folder: string | undefined;
    readonly templates: string;
    readonly terminal: Pick<Terminal, 'write'>;
  }) {
    this.folder = ends.folder;
    this.templates = ends.templates;
    this.terminal = ends.terminal;
  }

  async appendLine(file: string, id: string, line: string): Promise<void> {
    if (file === '-') {
      await this.terminal.write(`${line}\n`);
      return;
    }
    const path = await this.place(file);
    const before = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw disk(path, error);
    });
    // A runner died after it had written: the line is there, and its receipt is not.
    if (before.includes(`"id":"${id}"`)) return;
    const cut = before !== '' && !before.endsWith('\n');
    await appendFile(path, `${cut ? '\n' : ''}${line}\n`, { mode: 0o600 }).catch((error: unknown) => {
      throw disk(path, error);
    });
  }

  async writeTicket(file: string, text: string): Promise<void> {
    const path = await this.place(file);
    try {
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      throw disk(path, error);
    }
  }

  async template(name: string): Promise<string> {
    const path = join(this.templates, basename(name));
    return readFile(path, 'utf8').catch((cause: unknown) => {
      throw new AppError('input.file', `There is no template ${path}.`, { cause });
    });
  }

  private async place(file: string): Promise<string> {
    if (this.folder === undefined) throw new AppError('input.usage', `--out DIR is missing: where ${file} is written.`);
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw disk(this.folder, error);
    }
    return join(this.folder, basename(file));
  }
}

function disk(path: string, cause: unknown): AppError {
  return new AppError('engine.disk', `${path} could not be written: ${(cause as Error).message}`, { cause });
}

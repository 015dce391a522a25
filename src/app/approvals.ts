import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../base/errors.ts';

/**
 * A person's word that roll-ups of a repository may go to an address: this one, by that name, of that file and cloud. A
 * file that changes one of them has nobody's.
 */
export interface Approval {
  /** Absolute path of the file that names the centre. */
  readonly file: string;
  readonly cloud: string;
  readonly name: string;
  /** See `addressOf`. */
  readonly address: string;
}

/**
 * The approvals of a person, in a file of their own: `centres.json` in `ownFolder`. Rejects with `input.approvals`
 * where it cannot be read, so that nothing counts as approved by a damaged file, and where it cannot be written.
 */
export class Approvals {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async has(wanted: Approval): Promise<boolean> {
    return (await this.load()).some((one) => isSame(one, wanted) && one.address === wanted.address);
  }

  /** Approves the address in place of whatever had the name before. */
  async add(approval: Approval): Promise<void> {
    await this.save([...(await this.load()).filter((one) => !isSame(one, approval)), approval]);
  }

  /** Whether there was anything to forget. */
  async forget(name: Omit<Approval, 'address'>): Promise<boolean> {
    const all = await this.load();
    const rest = all.filter((one) => !isSame(one, name));
    if (rest.length < all.length) await this.save(rest);
    return rest.length < all.length;
  }

  private async load(): Promise<readonly Approval[]> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw this.failed('read', cause);
    }
    try {
      const { approved } = JSON.parse(text) as { approved: unknown };
      if (Array.isArray(approved)) return approved as readonly Approval[];
    } catch (cause) {
      throw this.failed('read', cause);
    }
    throw this.failed('read');
  }

  private async save(approved: readonly Approval[]): Promise<void> {
    const passing = `${this.path}.${process.pid}`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFile(passing, `${JSON.stringify({ approved }, undefined, 2)}\n`, { mode: 0o600 });
      await rename(passing, this.path);
    } catch (cause) {
      throw this.failed('written', cause);
    }
  }

  private failed(what: string, cause?: unknown): AppError {
    return new AppError(
      'input.approvals',
      `${this.path}, which keeps the centres you approved, cannot be ${what}. Mend it, or remove it and approve them again; nothing was sent.`,
      { cause },
    );
  }
}

function isSame(one: Omit<Approval, 'address'>, other: Omit<Approval, 'address'>): boolean {
  return one.file === other.file && one.cloud === other.cloud && one.name === other.name;
}

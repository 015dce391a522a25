import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removePath, replaceFile } from '../engine/replaceFile.ts';
import type { Assessment } from '../model/assessment/assessment.ts';
import type { AssessmentShelf } from '../ports/shelf.ts';

/** So many are kept; older ones go. */
const KEPT = 24;
const NAME = /^assessment-[\w-]+\.json$/;

/** Assessments as JSON files of a folder of ours, `assessment-TIME-ID.json`, readable by this user alone. */
export class AssessmentFolder implements AssessmentShelf {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async list(): Promise<readonly Assessment[]> {
    const read = await Promise.all((await this.names()).map((name) => readAssessment(join(this.folder, name))));
    return read.flatMap((one) => (one ? [one] : []));
  }

  async keep(assessment: Assessment): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(
      this.folder,
      `assessment-${assessment.at.replace(/[^0-9TZ]/g, '')}-${plainId(assessment.id)}.json`,
    );
    await writeFile(`${path}.new`, JSON.stringify(assessment), { mode: 0o600 });
    await replaceFile(`${path}.new`, path);
    for (const old of (await this.names()).slice(KEPT)) await removePath(join(this.folder, old));
  }

  /** Newest first: the time stands first in a name. */
  private async names(): Promise<string[]> {
    try {
      return (await readdir(this.folder))
        .filter((name) => NAME.test(name))
        .sort()
        .reverse();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

/** Reads an assessment from a file; undefined where it is none of this version. Never rejects. */
export async function readAssessment(path: string): Promise<Assessment | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Assessment> | null;
    const whole =
      value?.version === 1 &&
      typeof value.id === 'string' &&
      typeof value.at === 'string' &&
      Array.isArray(value.customers);
    return whole ? (value as Assessment) : undefined;
  } catch {
    return undefined;
  }
}

function plainId(id: string): string {
  return id.replace(/[^\w-]/g, '').slice(0, 40);
}

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHead } from '../core/assess/slim.ts';
import { removePath, replaceFile } from '../engine/replaceFile.ts';
import type { Assessment, AssessmentHead } from '../model/assessment/assessment.ts';
import type { AssessmentShelf } from '../ports/shelf.ts';
import { readAssessment } from './assessmentFile.ts';

/** So many are kept; older ones go. */
const KEPT = 24;
const NAME = /^assessment-[\w-]+\.json$/;

/**
 * Assessments as JSON files of a folder of ours, `assessment-TIME-ID.json`, readable by this user alone. Those of
 * another cloud stay there unseen.
 */
export class AssessmentFolder implements AssessmentShelf {
  private readonly folder: string;
  private readonly cloud: string;
  /** By the file's name: one never changes once it is there. Undefined for one that is none of ours. */
  private readonly heads = new Map<string, AssessmentHead | undefined>();

  constructor(folder: string, cloud: string) {
    this.folder = folder;
    this.cloud = cloud;
  }

  async list(): Promise<readonly AssessmentHead[]> {
    const found: AssessmentHead[] = [];
    // One after the other: each may be many megabytes, and only its head is kept.
    for (const name of await this.names()) {
      const head = await this.headOf(name);
      if (head?.cloud === this.cloud) found.push(head);
    }
    return found;
  }

  async open(id: string): Promise<Assessment | undefined> {
    const ending = `-${plainId(id)}.json`;
    for (const name of await this.names()) {
      if (!name.endsWith(ending)) continue;
      const assessment = await readAssessment(join(this.folder, name));
      if (assessment?.id === id && assessment.cloud === this.cloud) return assessment;
    }
    return undefined;
  }

  async keep(assessment: Assessment): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const name = `assessment-${assessment.at.replace(/[^0-9TZ]/g, '')}-${plainId(assessment.id)}.json`;
    const path = join(this.folder, name);
    try {
      await writeFile(`${path}.new`, JSON.stringify(assessment), { mode: 0o600 });
      await replaceFile(`${path}.new`, path);
    } catch (error) {
      await removePath(`${path}.new`).catch(() => undefined);
      throw error;
    }
    this.heads.set(name, toHead(assessment));
    for (const old of (await this.names()).slice(KEPT)) {
      this.heads.delete(old);
      await removePath(join(this.folder, old));
    }
  }

  private async headOf(name: string): Promise<AssessmentHead | undefined> {
    if (!this.heads.has(name)) {
      const assessment = await readAssessment(join(this.folder, name));
      this.heads.set(name, assessment && toHead(assessment));
    }
    return this.heads.get(name);
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

function plainId(id: string): string {
  return id.replace(/[^\w-]/g, '').slice(0, 40);
}

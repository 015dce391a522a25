import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LAKE } from './lakePaths.ts';

/** Whether a folder is a lake of roll-ups. */
export async function isLake(folder: string): Promise<boolean> {
  return stat(join(folder, LAKE.mark)).then(
    (found) => found.isFile(),
    () => false,
  );
}

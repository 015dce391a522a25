import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';

/**
 * Makes a folder of this program alone among the temporary files; whoever asked removes it. Rejects with `engine.disk`,
 * which names the folder and the variable that names another, and ends with `consequence`.
 */
export async function makeTemporaryFolder(prefix: string, consequence: string): Promise<string> {
  const { diskReason } = await import('../engine/database/errors.ts');
  return mkdtemp(join(tmpdir(), prefix)).catch((cause: Error) => {
    throw new AppError(
      'engine.disk',
      `The folder for temporary files, ${tmpdir()}, cannot be used: ${cause.message}. Free some space there, or name another folder in ${process.platform === 'win32' ? 'TEMP' : 'TMPDIR'}. ${consequence}`,
      { data: { reason: diskReason(cause) }, cause },
    );
  });
}

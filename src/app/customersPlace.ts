import { chmod, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { decodeText } from '../base/decodeText.ts';
import { AppError } from '../base/errors.ts';
import type { CustomersPlace } from '../core/customers/customersSource.ts';
import { replaceFile } from '../engine/replaceFile.ts';

/**
 * A customers file of the repository that entries are added to: it is replaced whole, keeps its mode, and is written
 * where a link leads. Writing rejects with `input.file` where the file is read-only or cannot be written.
 */
export function customersPlaceAt(path: string): CustomersPlace {
  return {
    name: path,
    file: {
      read: () => readFile(path).then(decodeText, () => undefined),
      write: async (text) => {
        try {
          const real = await realpath(path);
          const { mode } = await stat(real);
          if ((mode & 0o200) === 0) throw new Error('it is read-only');
          const fresh = `${real}.new`;
          await writeFile(fresh, text);
          await chmod(fresh, mode & 0o777);
          await replaceFile(fresh, real);
        } catch (cause) {
          throw new AppError('input.file', `It cannot be written: ${(cause as Error).message}.`, { cause });
        }
      },
    },
  };
}

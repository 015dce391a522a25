import { join } from 'node:path';
import { namesIn } from './files.ts';

/** The files of windows in the folder of a table, of all customers and days, in order. */
export async function windowsOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const customer of await namesIn(folder))
    if (customer.startsWith('customer=')) files.push(...(await windowsOfCustomer(join(folder, customer))));
  return files;
}

/** The same of one customer's folder. */
export async function windowsOfCustomer(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const day of await namesIn(folder))
    for (const name of await namesIn(join(folder, day)))
      if (name.endsWith('.parquet')) files.push(join(folder, day, name));
  return files;
}

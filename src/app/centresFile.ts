import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { decodeText } from '../base/decodeText.ts';
import { AppError } from '../base/errors.ts';
import { addressOf } from '../core/centre/centreAddress.ts';
import { readCentres } from '../core/centre/readCentres.ts';
import type { CentresFile } from '../core/centre/readCentres.ts';
import type { BlobState, Centre } from '../model/centre.ts';
import type { Cloud } from '../model/cloud.ts';
import { Approvals } from './approvals.ts';
import { ownFolder } from './ownFolder.ts';

/** The name under which the place of the state is approved. */
export const STATE = 'state';

/** A file of centres, read, and whether there is one. */
export interface FoundCentres extends CentresFile {
  /** Absolute. */
  readonly path: string;
  readonly isThere: boolean;
}

/** A place that a file of centres names: where rows go, or where the state is. */
export type NamedPlace = readonly [name: string, where: Centre | BlobState];

/** Reads a file of centres. Rejects with `input.file` where it cannot be, and where one that `isNamed` is not there. */
export async function loadCentres(path: string, isNamed = false): Promise<FoundCentres> {
  try {
    return { ...readCentres(decodeText(await readFile(path))), path, isThere: true };
  } catch (cause) {
    if (!isNamed && (cause as NodeJS.ErrnoException).code === 'ENOENT')
      return { path, isThere: false, centres: [], problems: [] };
    throw new AppError('input.file', `The file of centres ${path} cannot be read.`, { cause });
  }
}

/** The places of a file that count for these sinks (for all, where none are given): centres, and that of the state. */
export function placesIn({ centres, state }: Pick<FoundCentres, 'centres' | 'state'>, sinks?: readonly string[]) {
  const wanted = centres.filter(({ name }) => sinks?.includes(name) ?? true);
  return [...wanted.map((one): NamedPlace => [one.name, one]), ...(state ? [[STATE, state] as const] : [])];
}

/** The approvals of whoever runs this: the command line and the editor share them. */
export function openApprovals(): Approvals {
  return new Approvals(join(ownFolder(process.env, homedir()), 'centres.json'));
}

/** What of a place is approved: its address, with the file and the name it has there, in this cloud. */
export function approvalOf({ path }: Pick<FoundCentres, 'path'>, cloud: Cloud, [name, where]: NamedPlace) {
  return { file: path, cloud: cloud.name, name, address: addressOf(where) };
}

/** What happens at a place, for whoever is to approve it: `sends rows of customers to main: /subscriptions/...`. */
export function toldOf([name, where]: NamedPlace): string {
  return name === STATE
    ? `keeps the state of roll-ups in ${addressOf(where)}`
    : `sends rows of customers to ${name}: ${addressOf(where)}`;
}

/** As `checkAddress` of `centres.ts`, which loads with the first address. */
export async function checkAddress(where: Centre | BlobState, cloud: Cloud): Promise<void> {
  await (await import('./centres.ts')).checkAddress(where, cloud);
}

/** The door to MMDB files (`mmdb-lib`): where in the world an address is, by a file the user named. */
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { Reader } from 'mmdb-lib';
import type { CityResponse } from 'mmdb-lib';
import { AppError } from '../../base/errors.ts';
import type { PlaceFinder } from '../functions/contract.ts';
import { jsonText, type Json } from '../functions/json.ts';

const MAX_BYTES = 1024 * 1024 * 1024;
const MAX_KEPT = 100_000;
/** Databases of addresses that hold no places. */
const OTHER_KINDS = /asn|isp|domain|connection|anonymous|carrier|company|privacy/i;
const PARTS = ['country', 'registered_country', 'continent', 'location', 'city', 'traits'] as const;

/**
 * A database of cities or countries in MaxMind's format (GeoLite2, GeoIP2, DB-IP). The file is read into memory when a
 * query first asks for an address. Failures are `input.file` (there is none, or it cannot be read) and `input.data` (it
 * is no such database).
 */
export class PlaceFile implements PlaceFinder {
  private readonly path: string;
  private reader: Reader<CityResponse> | undefined;
  private readonly kept = new Map<string, string | null>();
  private constructor(path: string) {
    this.path = path;
  }

  /** The file at `path`, which must be there. */
  static async at(path: string): Promise<PlaceFile> {
    const found = await stat(path).catch((cause: unknown) => {
      throw new AppError(
        'input.file',
        `The database of addresses ${path} cannot be read: ${(cause as Error).message}.`,
        { cause },
      );
    });
    if (!found.isFile() || found.size > MAX_BYTES)
      throw new AppError('input.file', `${path} is not a file of addresses of at most ${MAX_BYTES / 2 ** 20} MB.`);
    return new PlaceFile(path);
  }

  async load(): Promise<void> {
    if (this.reader) return;
    const bytes = await readFile(this.path).catch((cause: unknown) => {
      throw new AppError(
        'input.file',
        `The database of addresses ${this.path} cannot be read: ${(cause as Error).message}.`,
        { cause },
      );
    });
    const reader = this.readerOf(bytes);
    const kind = reader.metadata.databaseType;
    if (OTHER_KINDS.test(kind))
      throw new AppError('input.data', `${this.path} is a database of kind ${kind}, not one of cities or countries.`);
    this.reader = reader;
  }
  private readerOf(bytes: Buffer): Reader<CityResponse> {
    try {
      return new Reader<CityResponse>(bytes);
    } catch (cause) {
      throw new AppError('input.data', `${this.path} is not a database of addresses in MaxMind's format (.mmdb).`, {
        cause,
      });
    }
  }

  /**
   * What the file knows of the address, as the text of a bag; null for what is no address, and for one it does not
   * know.
   */
  find(address: string): string | null {
    const known = this.kept.get(address);
    if (known !== undefined) return known;
    const place = isIP(address) === 0 ? null : this.placeOf(address);
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(address, place);
    return place;
  }
  private placeOf(address: string): string | null {
    let found: CityResponse | null;
    try {
      found = this.reader?.get(address.replace(/^::ffff:(?=[\d.]+$)/i, '')) ?? null;
    } catch (cause) {
      throw new AppError('input.data', `${this.path} is damaged: an address in it cannot be read.`, { cause });
    }
    // Other makers' files have other records: to find nothing in them would be a wrong answer.
    if (found && !PARTS.some((part) => typeof found[part] === 'object'))
      throw new AppError('input.data', `${this.path} holds its places in another form than GeoLite2 does.`);
    // Only what is available is in the bag.
    const parts: [string, Json | undefined][] = [
      ['country', found?.country?.names?.en],
      ['state', found?.subdivisions?.[0]?.names?.en],
      ['city', found?.city?.names?.en],
      ['latitude', found?.location?.latitude],
      ['longitude', found?.location?.longitude],
    ];
    const bag = new Map(parts.filter((part): part is [string, Json] => part[1] !== undefined));
    return bag.size === 0 ? null : jsonText(bag);
  }
}

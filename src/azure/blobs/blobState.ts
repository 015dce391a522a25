import { randomUUID } from 'node:crypto';
import { AppError } from '../../base/errors.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { RollupStatePort, Versioned } from '../../ports/rollups.ts';
import { callAzure, READ_DEADLINE_MS } from '../calls.ts';
import type { ErrorSubject } from '../errors/subject.ts';
import type { BlobDoor, BlobText } from './blobDoor.ts';

const NAME = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;
const FOLDER = 'tenantscope-state';
/** Suffixes of storage accounts by the cloud's name. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  public: '.blob.core.windows.net',
  usGovernment: '.blob.core.usgovcloudapi.net',
  china: '.blob.core.chinacloudapi.cn',
};

/** A document as it lies in its blob: the version goes up by one with each change. */
interface Kept<T> {
  readonly version: number;
  /** Unlike any other's: what is there is told from the same value of another runner. */
  readonly by: string;
  readonly value: T;
}

/**
 * The address of a container, looked at: https, an account of this cloud (of a custom cloud one of its own origins),
 * and no signature or user in it. Throws `input.centreAddress` for any other: the token goes nowhere else.
 */
export function containerAddress(cloud: Cloud, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const suffix = ACCOUNTS[cloud.name];
  const own =
    suffix === undefined
      ? [cloud.resourceManager, cloud.logAnalytics].includes(url?.origin ?? '')
      : url?.port === '' && /^[a-z0-9]+$/.test(url.hostname.slice(0, -suffix.length)) && url.hostname.endsWith(suffix);
  const plain = url && url.protocol === 'https:' && url.username === '' && url.password === '' && url.search === '';
  const depth = suffix === undefined ? 2 : 1;
  if (!own || !plain || url.hash !== '' || url.pathname.split('/').filter(Boolean).length !== depth)
    throw new AppError(
      'input.centreAddress',
      `${address.split(/[?#]/)[0]} is no container of the ${cloud.name} cloud. Give it as https://ACCOUNT${suffix ?? ''}/CONTAINER, without a signature.`,
    );
  return url.href.replace(/\/$/, '');
}

/**
 * The state of roll-ups in a container of blobs, for runners that have no folder in common: a blob for each document,
 * changed on condition of its ETag, so that of several runners one alone changes a version. The account needs the role
 * Storage Blob Data Contributor there.
 */
export class BlobState implements RollupStatePort {
  private readonly door: () => Promise<BlobDoor>;
  private readonly subject: ErrorSubject;
  /** ETags of the versions that were seen last: a change then takes one request. */
  private readonly seen = new Map<string, { readonly version: number; readonly etag: string }>();

  /** `address` is the container's, for messages. */
  constructor(
    door: () => Promise<BlobDoor>,
    { tenant, address }: { readonly tenant: string; readonly address: string },
  ) {
    this.door = door;
    this.subject = { tenant, what: `container ${address}` };
  }

  async load<T>(name: string): Promise<Versioned<T>> {
    const path = pathOf(name);
    const blob = await this.call((door, abort) => door.read(path, abort));
    if (!blob) return { value: undefined, version: 0 };
    const { version, value } = parse<T>(blob, name);
    this.seen.set(path, { version, etag: blob.etag });
    return { value, version };
  }

  async save<T>(name: string, value: T, version: number): Promise<boolean> {
    const path = pathOf(name);
    let etag: string | undefined;
    if (version > 0) {
      if (this.seen.get(path)?.version !== version && (await this.load(name)).version !== version) return false;
      etag = this.seen.get(path)!.etag;
    }
    const kept: Kept<T> = { version: version + 1, by: randomUUID(), value };
    const text = JSON.stringify(kept);
    const made = await this.call((door, abort) => door.replace(path, text, etag, abort));
    if (made === undefined) {
      this.seen.delete(path);
      // The answer to a change that was made may have been lost: then what is there is what was to be there.
      const there = await this.call((door, abort) => door.read(path, abort));
      return there?.text === text;
    }
    this.seen.set(path, { version: version + 1, etag: made });
    return true;
  }

  async list(folder: string): Promise<readonly string[]> {
    const prefix = `${pathOf(folder).replace(/\.json$/, '')}/`;
    const names = await this.call((door, abort) => door.names(prefix, abort));
    const below = names.map((name) => name.slice(prefix.length).replace(/(?:\.json$|\/.*$)/, ''));
    return [...new Set(below)]
      .filter((name) => NAME.test(name))
      .sort()
      .map((name) => `${folder}/${name}`);
  }

  private call<T>(work: (door: BlobDoor, abort: AbortSignal) => Promise<T>): Promise<T> {
    return callAzure({ subject: this.subject, deadlineMs: READ_DEADLINE_MS }, async ({ abortSignal }) =>
      work(await this.door(), abortSignal),
    );
  }
}

function pathOf(name: string): string {
  if (!NAME.test(name)) throw new AppError('bug.stateName', `"${name}" is no name of a document.`);
  return `${FOLDER}/${name}.json`;
}

function parse<T>({ text }: BlobText, name: string): Kept<T> {
  try {
    const kept = JSON.parse(text) as Partial<Kept<T>> | null;
    if (kept && Number.isSafeInteger(kept.version) && kept.version! > 0 && 'value' in kept) return kept as Kept<T>;
  } catch {
    // Said below.
  }
  throw new AppError(
    'engine.rollupState',
    `The state ${name} of the container cannot be read. Put back a copy of it; nothing was stored.`,
  );
}

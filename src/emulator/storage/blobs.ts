import { createHash } from 'node:crypto';
import { grantsAt, grantsOf } from '../access.ts';
import { findAudience } from '../identity/audiences.ts';
import type { Answer, RequestContext } from '../router.ts';
import type { World } from '../state.ts';
import { storeKey } from '../populateStores.ts';
import type { BlobContainer, StoredBlob } from '../stores.ts';
import { isLent } from './sharedKey.ts';
import { storageError, toXml } from './storageError.ts';

const DATA = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
/** Blobs of one page of a list, where nobody asks for fewer. */
const PAGE = 5_000;

/** Blob storage: block blobs with conditions and lists, for tokens with a data role, or for a lent signature. */
export class Blobs {
  private readonly world: World;
  /** Containers that an ingestion service lends out: of this process alone. */
  private readonly lent = new Map<string, BlobContainer>();
  /** Blocks that no list of blocks has named yet. */
  private readonly blocks = new Map<string, Buffer>();
  private changes = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Makes a container that signatures reach. */
  lend(account: string, name: string): void {
    const container: BlobContainer = { kind: 'container', account, name, resourceId: '', blobs: new Map() };
    this.lent.set(storeKey(container), container);
  }

  /** The content at a path `/ACCOUNT/CONTAINER/BLOB` of a lent container; undefined where there is none. */
  lentContent(path: string): Buffer | undefined {
    const [account = '', name = '', ...blob] = path.replace(/^\//, '').split('/');
    const held = this.lent.get(storeKey({ kind: 'container', account, name }))?.blobs.get(blob.join('/'));
    return held && Buffer.from(held.content, 'base64');
  }

  ofContainer(ctx: RequestContext, account: string, name: string): Answer {
    if (ctx.query('restype') !== 'container')
      throw storageError(400, 'InvalidUri', 'The requested URI is no container.');
    const found = this.find(account, name);
    this.check(ctx, found, ctx.method === 'GET' ? 'read' : 'write');
    if (ctx.method === 'GET' && ctx.query('comp') === 'list') return { ...xml(200), body: this.list(ctx, found!) };
    throw storageError(501, 'NotImplemented', 'The emulator lists the blobs of a container, and no more of it.');
  }

  ofBlob(ctx: RequestContext, account: string, name: string, blob: string): Answer {
    const { method } = ctx;
    const container = this.find(account, name);
    this.check(ctx, container, method === 'GET' || method === 'HEAD' ? 'read' : method === 'PUT' ? 'write' : 'delete');
    const held = container!.blobs.get(blob);
    if (method === 'PUT') return this.put(ctx, container!, blob, held);
    if (!held) throw storageError(404, 'BlobNotFound', 'The specified blob does not exist.');
    condition(ctx, held);
    if (method === 'DELETE') {
      container!.blobs.delete(blob);
      this.world.touch();
      return { status: 202, headers: version() };
    }
    return {
      status: 200,
      headers: { ...version(), ...properties(held), 'x-ms-blob-type': 'BlockBlob' },
      body: Buffer.from(held.content, 'base64'),
      contentType: held.contentType,
    };
  }

  private put(ctx: RequestContext, container: BlobContainer, blob: string, held: StoredBlob | undefined): Answer {
    const block = `${container.account}/${container.name}/${blob}\n`;
    if (ctx.query('comp') === 'block') {
      this.blocks.set(`${block}${ctx.query('blockid') ?? ''}`, ctx.body);
      return { status: 201, headers: version() };
    }
    condition(ctx, held);
    let content = ctx.body;
    if (ctx.query('comp') === 'blocklist') {
      const ids = [...ctx.body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id]) => id!);
      const parts = ids.map((id) => this.blocks.get(`${block}${id}`));
      if (parts.includes(undefined))
        throw storageError(400, 'InvalidBlockList', 'The specified block list is invalid.');
      content = Buffer.concat(parts as unknown as Uint8Array[]);
      for (const id of ids) this.blocks.delete(`${block}${id}`);
    } else if (ctx.header('x-ms-blob-type') !== 'BlockBlob')
      throw storageError(400, 'InvalidHeaderValue', 'The emulator has block blobs only.');
    const made: StoredBlob = {
      content: content.toString('base64'),
      etag: `"0x${createHash('sha256')
        .update(`${++this.changes}\n${this.world.clock.iso()}`)
        .digest('hex')
        .slice(0, 15)
        .toUpperCase()}"`,
      modified: new Date(this.world.clock.now()).toUTCString(),
      contentType: ctx.header('x-ms-blob-content-type') ?? 'application/octet-stream',
    };
    // Accepted, and gone: what a storage account that fails over may do.
    if (!ctx.faults.some(({ kind }) => kind === 'loseWrite')) {
      container.blobs.set(blob, made);
      if (container.resourceId !== '') this.world.touch();
    }
    return { status: 201, headers: { ...version(), ...properties(made) } };
  }

  private find(account: string, name: string): BlobContainer | undefined {
    const at = storeKey({ kind: 'container', account, name });
    const store = this.world.stores.get(at);
    return store?.kind === 'container' ? store : this.lent.get(at);
  }

  private list(ctx: RequestContext, container: BlobContainer): string {
    if (ctx.query('delimiter') !== undefined) throw storageError(501, 'NotImplemented', 'The emulator lists flat.');
    const prefix = ctx.query('prefix') ?? '';
    const most = Math.min(PAGE, Number(ctx.query('maxresults') ?? PAGE));
    const names = [...container.blobs.keys()].filter((name) => name.startsWith(prefix)).sort();
    const from = ctx.query('marker') ? names.findIndex((name) => name >= ctx.query('marker')!) : 0;
    const page = from < 0 ? [] : names.slice(from, from + most);
    const next = from < 0 ? undefined : names[from + most];
    const blobs = page.map((name) => {
      const { etag, modified, content, contentType } = container.blobs.get(name)!;
      const length = Buffer.byteLength(content, 'base64');
      return `<Blob><Name>${toXml(name)}</Name><Properties><Last-Modified>${modified}</Last-Modified><Etag>${toXml(etag)}</Etag><Content-Length>${length}</Content-Length><Content-Type>${toXml(contentType)}</Content-Type><BlobType>BlockBlob</BlobType></Properties></Blob>`;
    });
    return `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="${toXml(ctx.origin)}" ContainerName="${toXml(container.name)}"><Prefix>${toXml(prefix)}</Prefix><MaxResults>${most}</MaxResults><Blobs>${blobs.join('')}</Blobs><NextMarker>${toXml(next ?? '')}</NextMarker></EnumerationResults>`;
  }

  /** Who may: a lent container for its signature, another for a token of this service with a data role there. */
  private check(ctx: RequestContext, container: BlobContainer | undefined, action: 'read' | 'write' | 'delete'): void {
    const { bearer } = ctx;
    if (isLent(this.world, ctx.queries) && (!container || container.resourceId === '')) {
      if (container) return;
      throw noContainer();
    }
    const challenge = {
      'www-authenticate': `Bearer authorization_uri=${ctx.origin}/common/oauth2/authorize resource_id=https://storage.azure.com`,
    };
    if (!bearer.ok || findAudience(bearer.claims.aud) !== 'storage')
      throw storageError(
        401,
        !bearer.ok && bearer.problem === 'missing' ? 'NoAuthenticationInformation' : 'InvalidAuthenticationInfo',
        'Server failed to authenticate the request. Make sure the value of the Authorization header is formed correctly.',
        challenge,
      );
    if (!container) throw noContainer();
    const scope = `${container.resourceId}/blobServices/default/containers/${container.name}`;
    const roles = grantsAt(grantsOf(this.world, bearer.claims), scope).map(({ role }) => role);
    if (!roles.some(({ dataActions }) => dataActions?.includes(`${DATA}/${action}`)))
      throw storageError(
        403,
        'AuthorizationPermissionMismatch',
        'This request is not authorized to perform this operation using this permission.',
      );
  }
}

function noContainer() {
  return storageError(404, 'ContainerNotFound', 'The specified container does not exist.');
}

/** `If-Match` and `If-None-Match`, as the service has them for writes and reads of a blob. */
function condition(ctx: RequestContext, held: StoredBlob | undefined): void {
  const [match, none] = [ctx.header('if-match'), ctx.header('if-none-match')];
  if (none === '*' && held) throw storageError(409, 'BlobAlreadyExists', 'The specified blob already exists.');
  if (match !== undefined && (match === '*' ? !held : held?.etag !== match))
    throw storageError(412, 'ConditionNotMet', 'The condition specified using HTTP conditional header(s) is not met.');
}

function version(): Record<string, string> {
  return { 'x-ms-version': '2025-01-05' };
}

function xml(status: number): Pick<Answer, 'status' | 'headers' | 'contentType'> {
  return { status, headers: version(), contentType: 'application/xml' };
}

function properties({ etag, modified }: StoredBlob): Record<string, string> {
  return { etag, 'last-modified': modified };
}

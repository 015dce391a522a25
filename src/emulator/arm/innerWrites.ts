import { key } from '../armId.ts';
import { Router } from '../router.ts';
import type { Answer, RequestContext } from '../router.ts';
import { versionProblem } from './versions.ts';

/** Whoever calls, as the gate hands it to what answers. */
interface Call {
  readonly ctx: RequestContext;
  readonly apiVersion: string;
}

type Write<C extends Call> = (call: C) => Answer | Promise<Answer>;

/** A resource that is put by a deployment and not by a call of its own. */
export interface InnerResource {
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What resources are put by, for deployments, which put them the same way: every PUT of Resource Manager that has a
 * path of its own.
 */
export class InnerWrites<C extends Call> {
  private readonly routes = new Router();
  private readonly writes = new Map<object, Write<C>>();

  add(path: string, write: Write<C>): void {
    const marker = (): Answer => ({ status: 500 });
    this.writes.set(marker, write);
    this.routes.add('arm', 'PUT', path, marker);
  }

  /** True where a resource of this id can be put. */
  has(id: string): boolean {
    return 'handler' in this.routes.find('PUT', encode(id));
  }

  /** What is wrong with the version that a template names, e.g. `unsupported`. */
  versionProblem({ type, body }: InnerResource): string | undefined {
    return versionProblem(type, String(body['apiVersion']));
  }

  /** Puts it, as who deploys. Throws and rejects as the call of its own would. */
  put(deploying: C, { id, body }: InnerResource): Answer | Promise<Answer> {
    const route = this.routes.find('PUT', encode(id));
    const write = 'handler' in route ? this.writes.get(route.handler) : undefined;
    if (!write || !('params' in route)) throw new Error(`Nothing puts ${key(id)}.`);
    const { name: _name, type: _type, apiVersion, scope: _scope, ...input } = body;
    const ctx = Object.assign(Object.create(deploying.ctx) as RequestContext, {
      method: 'PUT',
      path: id,
      params: route.params,
      body: Buffer.from(JSON.stringify(input)),
      json: <T>() => structuredClone(input) as T,
      faults: [],
    });
    return write({ ...deploying, ctx, apiVersion: String(apiVersion).toLowerCase() });
  }
}

/** A path as it comes over the wire. */
function encode(id: string): string {
  return id.split('/').map(encodeURIComponent).join('/');
}

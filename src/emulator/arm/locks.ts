import { isWithin, key } from '../armId.ts';
import { findWorkspace } from '../lookup.ts';
import { armError, type Answer } from '../router.ts';
import type { Lock, SystemData } from '../state.ts';
import type { ArmCall, ArmGate, Caller } from './gate.ts';
import { LOCK_TYPE } from './lockRules.ts';
import { resourceNotFound, WORKSPACE_TYPE } from './workspaceBody.ts';
import { readInput } from './workspaces.ts';

const LEVELS: readonly Lock['level'][] = ['CanNotDelete', 'ReadOnly', 'NotSpecified'];
const GROUP = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}';

interface LockInput {
  readonly properties?: { readonly level?: string; readonly notes?: string; readonly owners?: Lock['owners'] };
}

/**
 * Management locks of a subscription, resource group or resource: list, get, put, delete. Their ids keep the case of
 * the request that set them, `resourcegroups` too (azure-cli, recordings/test_cannotdelete_resource_lock.yaml).
 */
export function registerLocks(gate: ArmGate): void {
  const { world } = gate;
  for (const scope of ['/subscriptions/{subscriptionId}', GROUP, `${GROUP}/providers/{*resource}`]) {
    const all = `${scope}/providers/${LOCK_TYPE}`;
    const read = { type: LOCK_TYPE, action: `${LOCK_TYPE}/read` };
    gate.add('GET', all, read, (call) => {
      const at = scopeOf(call);
      // With atScope() the scope's own and inherited ones, else those beneath it, too (Get-AzResourceLock -AtScope).
      const exact = /atScope\(\)/i.test(call.ctx.query('$filter') ?? '');
      const found = world.locks.filter((lock) => isWithin(at, lock.scope) || (!exact && isWithin(lock.scope, at)));
      return { status: 200, body: { value: found.map((lock) => toBody(lock, call)) } };
    });
    gate.add('GET', `${all}/{lock}`, read, (call) => {
      const found = world.locks[indexOf(call)];
      if (!found) throw armError(404, 'LockNotFound', `The lock '${call.ctx.params['lock']}' could not be found.`);
      return { status: 200, body: toBody(found, call) };
    });
    gate.add('PUT', `${all}/{lock}`, { type: LOCK_TYPE, action: `${LOCK_TYPE}/write` }, put);
    gate.add('DELETE', `${all}/{lock}`, { type: LOCK_TYPE, action: `${LOCK_TYPE}/delete` }, (call) => {
      const found = indexOf(call);
      if (found < 0) return { status: 204 };
      world.locks.splice(found, 1);
      world.touch();
      return { status: 200 };
    });
  }

  function indexOf(call: ArmCall): number {
    return world.locks.findIndex(
      ({ name, scope }) => key(name) === key(call.ctx.params['lock']!) && key(scope) === key(scopeOf(call)),
    );
  }

  function put(call: ArmCall): Answer {
    const { ctx } = call;
    const { resourceGroup, resource } = ctx.params;
    const [, workspace] = /^Microsoft\.OperationalInsights\/workspaces\/([^/]+)/i.exec(resource ?? '') ?? [];
    if (workspace && !findWorkspace(world, call.subscription.subscriptionId, resourceGroup!, workspace))
      throw resourceNotFound(`${WORKSPACE_TYPE}/${workspace}`, resourceGroup!);
    const { level, notes, owners } = readInput<LockInput>(ctx.json(), ctx.body).properties ?? {};
    const known = LEVELS.find((one) => one.toLowerCase() === level?.toLowerCase());
    if (!known) {
      throw armError(
        400,
        'InvalidRequestContent',
        `The request content was invalid and could not be deserialized: 'The level '${level}' of a lock is not one of ${LEVELS.join(', ')}.'.`,
      );
    }
    const found = indexOf(call);
    const before = world.locks[found];
    const lock: Lock = {
      name: before?.name ?? ctx.params['lock']!,
      scope: before?.scope ?? scopeOf(call),
      level: known,
      ...(notes === undefined ? {} : { notes }),
      ...(owners ? { owners } : {}),
      systemData: stamp(call, world.clock.iso(), before?.systemData),
    };
    if (before) world.locks[found] = lock;
    else world.locks.push(lock);
    world.touch();
    return { status: before ? 200 : 201, body: toBody(lock, call) };
  }
}

/** Who calls, as `systemData` names them: a person by name, an application by its id. */
function stamp({ claims }: Caller, now: string, before: SystemData | undefined): SystemData {
  const person = claims.idtyp === 'user';
  const by = person ? (claims.upn ?? claims.unique_name ?? claims.oid) : claims.appid;
  const type = person ? 'User' : 'Application';
  return {
    createdBy: before?.createdBy ?? by,
    createdByType: before?.createdByType ?? type,
    createdAt: before?.createdAt ?? now,
    lastModifiedBy: by,
    lastModifiedByType: type,
    lastModifiedAt: now,
  };
}

function scopeOf({ ctx }: ArmCall): string {
  return ctx.path.slice(0, ctx.path.toLowerCase().lastIndexOf(`/providers/${LOCK_TYPE.toLowerCase()}`));
}

/** A lock as Resource Manager writes it; `systemData` came with 2020-05-01. */
function toBody({ name, scope, level, notes, owners, systemData }: Lock, { apiVersion }: ArmCall): object {
  return {
    properties: { level, ...(notes === undefined ? {} : { notes }), ...(owners ? { owners } : {}) },
    id: `${scope}/providers/${LOCK_TYPE}/${name}`,
    type: LOCK_TYPE,
    name,
    ...(apiVersion >= '2020-05-01' ? { systemData } : {}),
  };
}

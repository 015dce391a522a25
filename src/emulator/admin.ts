import { timingSafeEqual } from 'node:crypto';
import type { RuleEvaluation } from './arm/alerts/evaluate.ts';
import { readInstant } from './clock.ts';
import type { FaultRule } from './faults.ts';
import { armError, type Answer, type Deps, type Handler, type RequestContext, type Router } from './router.ts';
import type { Inbox } from './inbox.ts';
import type { World } from './state.ts';

/**
 * The emulator's own controls, for whoever holds the ready file's admin token (`Authorization: Bearer TOKEN` or
 * `x-emulator-token`):
 * `/_emulator/faults` GET, PUT (a rule, or a list that replaces all), DELETE (all, or `?id=`); `/_emulator/clock` GET,
 * PUT `{now?, advanceMs?, frozen?}`; `/_emulator/calls` GET
 * (`?service= &path= &tenant= &workspace= &status= &method= &counts`), DELETE; `/_emulator/inbox/NAME` GET (what came
 * in there), POST for everybody (webhooks); `/_emulator/alerts` POST (evaluates the rules that are due, `?all`: all).
 */
export function registerAdmin(
  router: Router,
  world: World,
  deps: Deps,
  { token, inbox, alerts }: { readonly token: string; readonly inbox: Inbox; readonly alerts: RuleEvaluation },
): void {
  const add = (method: string, path: string, handler: Handler): void => {
    router.add('admin', method, path, (ctx) => {
      if (!holdsToken(ctx, token)) {
        throw armError(
          401,
          'EmulatorTokenRequired',
          "Send the admin token of the emulator's ready file as 'Authorization: Bearer' or 'x-emulator-token'.",
        );
      }
      return handler(ctx);
    });
  };

  const faults = (): Answer => ({ status: 200, body: { value: deps.faults.list() } });
  add('GET', '/_emulator/faults', faults);
  add('PUT', '/_emulator/faults', (ctx) => {
    const given = ctx.json<FaultRule | FaultRule[] | { value: FaultRule[] }>();
    if (given === undefined)
      throw armError(400, 'InvalidRequestContent', 'Send a fault rule as JSON, or a list of them.');
    const list = Array.isArray(given) ? given : 'value' in given ? given.value : undefined;
    try {
      if (list) {
        deps.faults.clear();
        for (const rule of list) deps.faults.add(rule);
      } else deps.faults.add(given as FaultRule);
    } catch (error) {
      throw armError(400, 'InvalidFault', error instanceof Error ? error.message : String(error));
    }
    return faults();
  });
  add('DELETE', '/_emulator/faults', (ctx) => {
    const id = ctx.query('id');
    if (id === undefined) deps.faults.clear();
    else deps.faults.remove(id);
    return faults();
  });

  const clock = (): Answer => ({ status: 200, body: { now: world.clock.iso(), frozen: world.clock.frozen } });
  add('GET', '/_emulator/clock', clock);
  add('PUT', '/_emulator/clock', (ctx) => {
    const given = ctx.json<{ now?: string; advanceMs?: number; frozen?: boolean }>() ?? {};
    const time = given.now === undefined ? undefined : readInstant(given.now);
    if (given.now !== undefined && time === undefined)
      throw armError(400, 'InvalidTime', `'${given.now}' is not a time: use ISO 8601.`);
    if (time !== undefined) world.clock.set(time);
    if (typeof given.advanceMs === 'number') world.clock.advance(given.advanceMs);
    if (typeof given.frozen === 'boolean') world.clock.freeze(given.frozen);
    world.touch();
    return clock();
  });

  add('GET', '/_emulator/calls', (ctx) => {
    const filter = Object.fromEntries(
      ['service', 'method', 'path', 'tenant', 'workspace'].flatMap((name) =>
        ctx.query(name) === undefined ? [] : [[name, ctx.query(name)!]],
      ),
    );
    const status = ctx.query('status');
    const calls = deps.calls.list({ ...filter, ...(status === undefined ? {} : { status: Number(status) }) });
    return {
      status: 200,
      body: {
        counts: deps.calls.counts(),
        matching: calls.length,
        ...(ctx.query('counts') === undefined ? { value: calls } : {}),
      },
    };
  });
  router.add('admin', 'POST', '/_emulator/inbox/{name}', (ctx) => {
    const headers = Object.fromEntries(
      ['content-type', 'authorization', 'idempotency-key'].flatMap((name) =>
        ctx.header(name) === undefined ? [] : [[name, ctx.header(name)!]],
      ),
    );
    return { status: inbox.receive(ctx.params['name']!, headers, ctx.body.toString()) };
  });
  add('GET', '/_emulator/inbox/{name}', (ctx) => ({ status: 200, body: { value: inbox.at(ctx.params['name']!) } }));
  add('POST', '/_emulator/alerts', async (ctx) => ({
    status: 200,
    body: await alerts.run(ctx.query('all') !== undefined),
  }));
  add('DELETE', '/_emulator/calls', () => {
    deps.calls.clear();
    return { status: 204 };
  });
}

function holdsToken(ctx: RequestContext, token: string): boolean {
  const given =
    ctx.header('x-emulator-token') ?? /^Bearer\s+(\S+)$/i.exec(ctx.header('authorization') ?? '')?.[1] ?? '';
  return (
    given.length === token.length && timingSafeEqual(new TextEncoder().encode(given), new TextEncoder().encode(token))
  );
}

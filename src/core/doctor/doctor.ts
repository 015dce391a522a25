import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Check, CheckNames, Diagnosis } from '../../model/diagnosis.ts';
import type { Account } from '../../model/estate.ts';
import type { TokenSource } from '../../ports/accounts.ts';
import type { ConnectionPort } from '../../ports/connection.ts';
import type { DirectoryPort, WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import { tenantsToVisit } from '../estate/discover.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import type { FanOut } from '../fanOut/fanOut.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import { skipped } from './check.ts';
import type { ProbeCall } from './check.ts';
import { endsOf } from './ends.ts';
import type { End } from './ends.ts';
import { probeAccounts } from './probes/accounts.ts';
import { probeCertificate } from './probes/certificate.ts';
import { probeClock } from './probes/clock.ts';
import { probeConnection } from './probes/connection.ts';
import { probeProxy } from './probes/proxy.ts';
import { probeQuery } from './probes/query.ts';
import { probeResourceGraph } from './probes/resourceGraph.ts';
import { probeSignIn } from './probes/signIn.ts';
import { probeSubscriptions } from './probes/subscriptions.ts';
import { probeTenants } from './probes/tenants.ts';

/** Tenants looked at at once, as many as a walk through the estate visits. */
const TENANTS_AT_ONCE = 16;

/** What the doctor looks through. */
export interface DoctorWorld {
  readonly cloud: Cloud;
  readonly version: string;
  readonly tokens: TokenSource;
  readonly connection: ConnectionPort;
  readonly directory: Pick<DirectoryPort, 'tenants' | 'subscriptions' | 'workspaces'>;
  readonly logs: Pick<LogsPort, 'query'>;
  readonly customers: { load(): Promise<CustomersFile> };
  readonly clock: Clock;
  /** The query API's, one for everything that asks it. */
  readonly quota: Pick<QuotaScheduler, 'take'>;
}

/** An account and a tenant that it has an identity in. */
interface Place {
  readonly issuer: Issuer;
  readonly names: CheckNames;
  /** Of a tenant that only the customers file names, or that is told of because it delegates to us. */
  readonly unentered?: 'named' | 'delegated';
}

/**
 * Says what works between here and Azure: the way to each service, then sign-in, Resource Manager, Resource Graph and a
 * query for every account and tenant. Sends nothing but reads. What fails is a check; rejects only when cancelled.
 */
export class Doctor {
  private readonly world: DoctorWorld;

  constructor(world: DoctorWorld) {
    this.world = world;
  }

  /** Looks at everything anew. */
  async diagnose(signal: CancelSignal = NEVER): Promise<Diagnosis> {
    const { cloud, version, clock } = this.world;
    const at = new Date(clock.now()).toISOString();
    const call: ProbeCall = { clock, signal };
    const checks = [...(await this.lookAtEnds(call)), ...(await this.lookAtAccounts(call))];
    return { cloud: cloud.name, version, at, checks };
  }

  private async lookAtEnds(call: ProbeCall): Promise<readonly Check[]> {
    const { cloud, connection, clock } = this.world;
    const skews: number[] = [];
    const looked = await each(endsOf(cloud), 'connection', call.signal, async (end: End) => {
      const route = await probeProxy(end, connection, call);
      const reached = await probeConnection(end, route.value?.proxy, connection, call);
      if (reached.value?.serverTime !== undefined) skews.push(reached.value.serverTime - clock.now());
      return [route.check, reached.check, probeCertificate(end, reached)];
    });
    return [...looked.flat(), probeClock(skews)];
  }

  private async lookAtAccounts(call: ProbeCall): Promise<readonly Check[]> {
    const { tokens, directory, customers } = this.world;
    const people = await probeAccounts(tokens, call);
    const file = await customers.load();
    const looked = await each(people.value ?? [], 'tenants', call.signal, async (account: Account) => {
      const listed = await probeTenants(account, directory, call);
      const places = tenantsToVisit(account, listed.value ?? [], file).map((tenant): Place => {
        const listing = listed.value?.find(({ id }) => id === tenant);
        const unentered = listing?.delegatedOnly ? 'delegated' : listing || !listed.value ? undefined : 'named';
        return {
          issuer: { account: account.id, tenant },
          names: { account: account.label, tenant: listing?.name ?? tenant },
          ...(unentered && tenant !== account.homeTenant ? { unentered } : {}),
        };
      });
      return { check: listed.check, places };
    });
    const places = looked.flatMap((one) => one.places);
    const visited = await each(places, 'places', call.signal, (place: Place) => this.lookAtPlace(place, call));
    return [people.check, ...looked.map(({ check }) => check), ...visited.flat()];
  }

  private async lookAtPlace({ issuer, names, unentered }: Place, call: ProbeCall): Promise<readonly Check[]> {
    const { cloud, tokens, directory, connection, logs, quota } = this.world;
    const manager = { service: 'resourceManager', audience: cloud.resourceManagerAudience } as const;
    const signIn = await probeSignIn(issuer, manager, names, tokens, call);
    if (!signIn.value) return [mildWhereUnentered(signIn.check, unentered)];
    const analytics = { service: 'logAnalytics', audience: cloud.logAnalyticsAudience } as const;
    const [forLogs, subscriptions, graph] = await Promise.all([
      probeSignIn(issuer, analytics, names, tokens, call),
      probeSubscriptions(issuer, names, directory, call),
      probeResourceGraph(issuer, names, connection, call),
    ]);
    const workspaces = graph.value ?? (await this.listed(issuer, call.signal));
    // The tenant's own before one that was delegated to it, whose owner would see the query in the records.
    const workspace = workspaces.find(({ tenant }) => tenant === issuer.tenant) ?? workspaces[0];
    const query = workspace
      ? (
          await quota.take(
            { credential: issuer.account, run: 'doctor' },
            () => probeQuery(issuer, workspace, names, logs, call),
            call.signal,
          )
        ).check
      : skipped({ probe: 'query', service: 'logAnalytics', names }, 'no workspace is visible');
    // Where it answers without a token of its own, it was asked through Resource Manager: worth a look, no failure.
    const mild = query.state === 'works' && forLogs.check.state === 'fails';
    const logsCheck: Check = mild ? { ...forLogs.check, state: 'warns' } : forLogs.check;
    return [signIn.check, logsCheck, subscriptions.check, graph.check, query];
  }

  /** What there is to ask where Resource Graph did not say. */
  private async listed(issuer: Issuer, signal: CancelSignal): Promise<readonly WorkspaceListing[]> {
    try {
      return await this.world.directory.workspaces(issuer, signal);
    } catch {
      if (signal.aborted) throw cancelled();
      return [];
    }
  }
}

/** Having no identity in a tenant that delegates is how it should be; in one that somebody named it is worth a look. */
function mildWhereUnentered(check: Check, unentered: Place['unentered']): Check {
  if (check.code !== 'access.notInTenant' || unentered === undefined) return check;
  if (unentered === 'named') return { ...check, state: 'warns' };
  return skipped(check, 'no identity of its own: the tenant delegates its subscriptions');
}

/** The same probes at many, in their order; none of them rejects for another reason than being cancelled. */
async function each<T, V>(
  targets: readonly T[],
  name: string,
  signal: CancelSignal,
  work: FanOut<T, V>['work'],
): Promise<readonly V[]> {
  const settled = await fanOut({ targets, name, signal, work, quota: new Limiter(TENANTS_AT_ONCE) });
  return settled.map(({ outcome }) => {
    if (!outcome.ok) throw AppError.fromData(outcome.error);
    return outcome.value;
  });
}

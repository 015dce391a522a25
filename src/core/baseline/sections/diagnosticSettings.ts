import type { Issuer } from '../../../ports/issuer.ts';
import { AppError } from '../../../base/errors.ts';
import type { TenantId } from '../../../model/ids.ts';
import { ENTRA_SCOPE } from '../../../ports/baseline.ts';
import type { WantedDiagnosticSetting } from '../handlers/diagnosticSettingHandler.ts';
import { placeOf } from '../setting.ts';
import type { CustomerWorld, Setting, Wanted } from '../setting.ts';

/** One thing that logs of Azure come from. */
interface Source {
  readonly scope: string;
  readonly name: string;
  readonly issuer: Issuer;
  readonly owner: TenantId;
  /** ARM id of the workspace it sends to; the main one of its tenant where absent. */
  readonly to?: string;
}

/** Logs of workspaces, subscriptions, Entra ID and other resources that go to the customer's workspace. */
export function diagnosticSettings(world: CustomerWorld): Wanted {
  const settings: Setting[] = [];
  const unknown: Wanted['unknown'][number][] = [];
  for (const [name, { on, categories }] of Object.entries(world.baseline.diagnosticSettings ?? {})) {
    const { sources, failed } = sourcesOf(world, on);
    unknown.push(
      ...failed.map(({ where, error }) => ({
        ...placeOf(world, 'diagnosticSettings', name, where),
        error: error.toData(),
      })),
    );
    for (const { scope, name: scopeName, issuer, owner, to } of sources) {
      const main = world.mains.get(owner);
      const workspace = to ?? (main?.ok ? main.value.workspace.armId : undefined);
      if (workspace === undefined) {
        const error = main && !main.ok ? main.error : nobodys(scopeName).toData();
        unknown.push({ ...placeOf(world, 'diagnosticSettings', name, scopeName), error });
        continue;
      }
      const target =
        scope === ENTRA_SCOPE
          ? `${scope}/diagnosticSettings/${name}`
          : `${scope}/providers/Microsoft.Insights/diagnosticSettings/${name}`;
      settings.push({
        ...placeOf(world, 'diagnosticSettings', name, scopeName, target),
        issuer,
        owner,
        intent: {
          id: `diagnostics ${owner} ${target}`,
          resource: 'diagnosticSetting',
          target,
          wanted: { name, scope, scopeName, sends: { workspace, categories } } satisfies WantedDiagnosticSetting,
        },
        list: { kind: 'diagnostics', issuer, scope },
      });
    }
  }
  return { settings, unknown };
}

interface Sources {
  readonly sources: readonly Source[];
  readonly failed: readonly { readonly where: string; readonly error: AppError }[];
}

function sourcesOf(world: CustomerWorld, on: string): Sources {
  switch (on.toLowerCase()) {
    case 'workspace':
      return {
        failed: [],
        sources: world.workspaces.map(({ workspace: { armId, name, tenant }, issuer }) => ({
          scope: armId,
          name: `workspace ${name}`,
          issuer,
          owner: tenant,
          to: armId,
        })),
      };
    case 'subscription':
      return {
        failed: [],
        sources: world.subscriptions.map(({ id, name, issuer, tenant }) => ({
          scope: `/subscriptions/${id}`,
          name: `subscription ${name}`,
          issuer,
          owner: tenant,
        })),
      };
    case 'entra':
      return entraSources(world);
    default:
      return resourceSources(world, on);
  }
}

/** Settings of Entra ID belong to a tenant: only a token of that tenant sees them, whatever is delegated. */
function entraSources({ estate, customer }: CustomerWorld): Sources {
  const tenants = estate.tenants.filter((tenant) => tenant.customer === customer.key);
  const own = tenants.flatMap(({ id, name, state, accounts }): Source[] => {
    const [account] = state === 'entered' ? accounts : [];
    return account === undefined
      ? []
      : [{ scope: ENTRA_SCOPE, name: `Microsoft Entra ID of ${name}`, issuer: { account, tenant: id }, owner: id }];
  });
  const seen = new Set(own.map(({ owner }) => owner));
  return {
    sources: own,
    failed: tenants
      .filter(({ id }) => !seen.has(id))
      .map(({ name }) => ({
        where: `Microsoft Entra ID of ${name}`,
        error: new AppError(
          'access.noPath',
          `The diagnostic settings of Microsoft Entra ID of ${name} are shown to accounts of that tenant only, and by no delegation. Sign in there as a guest with the role Security Reader.`,
        ),
      })),
  };
}

function resourceSources(world: CustomerWorld, type: string): Sources {
  const { resources } = world;
  if (!resources.ok) return { sources: [], failed: [{ where: type, error: AppError.fromData(resources.error) }] };
  return {
    failed: [],
    sources: resources.value.flatMap((resource): Source[] => {
      const place = world.subscriptions.find(({ id }) => id === resource.subscription);
      return place && resource.type === type.toLowerCase()
        ? [{ scope: resource.id, name: resource.name, issuer: place.issuer, owner: place.tenant }]
        : [];
    }),
  };
}

function nobodys(name: string): AppError {
  return new AppError('access.noPath', `The tenant of ${name} is not among the customer's.`);
}

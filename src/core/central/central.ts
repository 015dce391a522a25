import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { SourceTable } from '../../kql/scopeSchema.ts';
import type { CentralCheck } from '../../model/centralCheck.ts';
import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import type { Plan } from '../../model/plan.ts';
import type { BaselinePort } from '../../ports/baseline.ts';
import type { CentrePort } from '../../ports/centre.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { CentreWriter } from '../centre/roleAssignmentHandler.ts';
import { issuerOf } from '../estate/path.ts';
import { didYouMean, suggestNames } from '../estate/suggestions.ts';
import type { SavedQueries } from '../queryPacks/savedQueries.ts';
import { checkShared, rulesOf } from './checkShared.ts';
import type { CentralWorld } from './checkShared.ts';
import { draftAccess } from './draftAccess.ts';
import { viewsOf } from './views.ts';

/** What the use case stands on. */
export interface CentralPorts extends CentralWorld {
  readonly savedQueries: Pick<SavedQueries, 'planExport'>;
  readonly roles: Pick<CentrePort, 'roleAssignments'>;
  readonly features: Pick<BaselinePort, 'features'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  /** A new GUID. */
  readonly newId: () => string;
}

/** Whose rows, in which tables: those in which the customer has rows now, unless they are named. */
export interface CentralQuestion {
  readonly workspace: Workspace;
  /** Key or name. */
  readonly customer: string;
  readonly tables: readonly string[];
  /** As the query API has it: when rows count as there. */
  readonly timespan: string;
}

/** Workspaces that several customers send to. */
export class Central {
  private readonly ports: CentralPorts;

  constructor(ports: CentralPorts) {
    this.ports = ports;
  }

  /** Who sends there, and whose rows nobody can tell; see `checkShared`. */
  check(workspace: Workspace, timespan: string, signal?: CancelSignal): Promise<CentralCheck> {
    return checkShared(workspace, timespan, this.ports, signal);
  }

  /** The plan of functions that give one customer its rows. Rejects with `input.customer`, `input.tables`, as plans. */
  async planViews(question: CentralQuestion, signal?: CancelSignal): Promise<Plan> {
    const { rules, customer, tables } = await this.look(question, signal);
    const { key, name } = question.workspace;
    const { bodies, leftOut } = viewsOf(rules, customer, tables);
    const [first] = bodies;
    const what = bodies.length === 1 ? `view ${first!.functionAlias}()` : `${bodies.length} views`;
    const reason = {
      title: `Make ${what} of ${customer.name} in workspace ${name}`,
      customer,
      warnings:
        leftOut.length === 0
          ? []
          : [
              `A view names nothing of other customers, so it gives no ${leftOut.join(', and no ')}, even where another rule says that they are of ${customer.name}.`,
            ],
    };
    return this.ports.savedQueries.planExport({ workspace: key }, bodies, { reason, ...(signal ? { signal } : {}) });
  }

  /**
   * The plan of letting somebody read one customer's rows, or `whole` tables that hold nobody else's. Rejects as
   * `draftAccess`, and as plans do.
   */
  async planAccess(
    question: CentralQuestion & { readonly reader: CentreWriter; readonly whole: boolean },
    signal?: CancelSignal,
  ): Promise<Plan> {
    const { workspace, reader, whole } = question;
    const { roles, features, changes, newId } = this.ports;
    const { rules, customer, tables, estate, check } = await this.look(question, signal);
    const issuer = issuerOf(workspace);
    const [held, mode] = await Promise.all([
      roles.roleAssignments(issuer, workspace.armId, reader.principalId, signal),
      features.features(issuer, workspace.armId, signal),
    ]);
    const place = { workspace, estate, rules, check, roles: held, byResource: mode?.resourcePermissions, newId };
    return changes.plan(draftAccess({ customer, reader, whole, tables }, place), signal);
  }

  private async look({ workspace, customer: name, tables: named, timespan }: CentralQuestion, signal?: CancelSignal) {
    const estate = await this.ports.estate.load(signal ? { signal } : {});
    const customer = customerOf(name, estate);
    const [{ rules }, check] = await Promise.all([
      rulesOf(workspace, estate, this.ports),
      this.check(workspace, timespan, signal),
    ]);
    const told = (await this.ports.schemas.ofWorkspaces([workspace.key], signal ? { signal } : {})).get(workspace.key)!;
    if (!told.ok) throw AppError.fromData(told.error);
    const all = new Map(told.value.tables.map((table) => [table.name, table]));
    const own = check.sent.filter((one) => one.customer === customer.key).map(({ table }) => table);
    const tables = (named.length > 0 ? named : own).toSorted().map((table): SourceTable => {
      const found = all.get(table);
      if (!found)
        throw new AppError(
          'input.tables',
          `${workspace.name} has no table "${table.slice(0, 80)}".${didYouMean(suggestNames(table, all.keys()))}`,
        );
      return found;
    });
    if (tables.length === 0)
      throw new AppError(
        'input.tables',
        `${customer.name} has no rows in ${workspace.name}: name tables with --table.`,
      );
    return { estate, customer, rules, check, tables };
  }
}

function customerOf(name: string, { customers }: Estate): Customer {
  const wanted = name.toLowerCase();
  const found =
    customers.find(({ key }) => key.toLowerCase() === wanted) ??
    customers.find((customer) => customer.name.toLowerCase() === wanted);
  if (found) return found;
  throw new AppError('input.customer', `There is no customer "${name.slice(0, 80)}" in your estate.`);
}

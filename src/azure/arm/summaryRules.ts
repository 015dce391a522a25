import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { SummaryRule, SummaryRuleBody } from '../../model/summaryRule.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { SummaryRulesPort } from '../../ports/summaryRules.ts';
import { READ_DEADLINE_MS, callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { subjectOf } from '../errors/subject.ts';
import type { SummaryRulesDoor } from './summaryRulesDoor.ts';

const PLACE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.OperationalInsights\/workspaces\/([^/]+)(?:\/summaryLogs\/([^/]+))?$/i;

type Abort = { readonly abortSignal: AbortSignal };
type Place = readonly [resourceGroup: string, workspace: string, rule: string];

/** Summary rules, through Resource Manager. */
export class SummaryRulesClient implements SummaryRulesPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async rules(issuer: Issuer, workspace: string, signal?: CancelSignal): Promise<readonly SummaryRule[]> {
    const found = await this.at(issuer, workspace, signal, (door, [group, name], abort) =>
      door.rules(group, name, abort),
    );
    return [...found].sort((a, b) => a.name.localeCompare(b.name));
  }

  async rule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<SummaryRule | undefined> {
    try {
      return await this.at(issuer, armId, signal, (door, place, abort) => door.rule(place, abort));
    } catch (thrown) {
      if (toAppError(thrown).code === 'access.notFound') return undefined;
      throw thrown;
    }
  }

  putRule(issuer: Issuer, armId: string, body: SummaryRuleBody, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, place, abort) => door.put(place, body, abort));
  }

  startRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, place, abort) => door.start(place, abort));
  }

  deleteRule(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void> {
    return this.at(issuer, armId, signal, (door, place, abort) => door.delete(place, abort));
  }

  private at<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    call: (door: SummaryRulesDoor, place: Place, abort: Abort) => Promise<T>,
  ): Promise<T> {
    const [, subscription, group, workspace, rule = ''] = PLACE.exec(armId) ?? [];
    if (!subscription || !group || !workspace)
      throw new AppError(
        'input.armId',
        `"${armId.slice(0, 200)}" is not the resource id of a place for summary rules.`,
      );
    return callAzure(
      { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => call(await this.clients.summaryRules(issuer, subscription), [group, workspace, rule], abort),
    );
  }
}

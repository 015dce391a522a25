import { OperationalInsightsManagementClient } from '@azure/arm-operationalinsights';
import type { SummaryLogs } from '@azure/arm-operationalinsights';
import type { TokenCredential } from '@azure/core-auth';
import type { SummaryRule, SummaryRuleBody } from '../../model/summaryRule.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { itemsOf } from './listing.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}
/** Resource group, workspace and rule. */
type Place = readonly [resourceGroup: string, workspace: string, rule: string];

/** Summary rules of one subscription: a door of @azure/arm-operationalinsights. */
export class SummaryRulesDoor {
  private readonly client: OperationalInsightsManagementClient;
  private readonly pollMs: number | undefined;

  constructor(
    credential: TokenCredential,
    subscription: string,
    settings: ClientSettings & { readonly pollMs?: number },
    issuer: Issuer,
  ) {
    this.client = new OperationalInsightsManagementClient(credential, subscription, armClientOptions(settings));
    this.pollMs = settings.pollMs;
    mapErrors(this.client.pipeline, issuer);
  }

  async rules(resourceGroup: string, workspace: string, abort: Abort): Promise<readonly SummaryRule[]> {
    const found: SummaryRule[] = [];
    const list = this.client.summaryLogs.listByWorkspace(resourceGroup, workspace, abort);
    for await (const rule of itemsOf(list, abort.abortSignal)) found.push(toRule(rule));
    return found;
  }

  async rule(place: Place, abort: Abort): Promise<SummaryRule> {
    return toRule(await this.client.summaryLogs.get(...place, abort));
  }

  async put(place: Place, body: SummaryRuleBody, abort: Abort): Promise<void> {
    await this.client.summaryLogs.createOrUpdate(...place, toWire(body), this.polling(abort));
  }

  async start(place: Place, abort: Abort): Promise<void> {
    await this.client.summaryLogs.start(...place, this.polling(abort));
  }

  async delete(place: Place, abort: Abort): Promise<void> {
    await this.client.summaryLogs.delete(...place, this.polling(abort));
  }

  private polling(abort: Abort): Abort & { readonly updateIntervalInMs?: number } {
    return this.pollMs === undefined ? abort : { ...abort, updateIntervalInMs: this.pollMs };
  }
}

/** Minutes, as the documentation of the service has its delay; the SDK's own comment says seconds. */
function toWire({ description, query, binMinutes, delayMinutes, start, table }: SummaryRuleBody): SummaryLogs {
  return {
    ruleType: 'User',
    description,
    ruleDefinition: {
      query,
      binSize: binMinutes,
      destinationTable: table,
      timeSelector: 'TimeGenerated',
      ...(delayMinutes === undefined ? {} : { binDelay: delayMinutes }),
      ...(start === undefined ? {} : { binStartTime: new Date(start) }),
    },
  };
}

function toRule({
  id = '',
  name = '',
  description = '',
  isActive,
  statusCode,
  ruleDefinition,
}: SummaryLogs): SummaryRule {
  const { query = '', binSize = 0, binDelay, binStartTime, destinationTable = '' } = ruleDefinition ?? {};
  return {
    armId: id,
    name,
    description,
    query,
    binMinutes: binSize,
    ...(typeof binDelay === 'number' ? { delayMinutes: binDelay } : {}),
    ...(binStartTime instanceof Date && !Number.isNaN(binStartTime.getTime())
      ? { start: binStartTime.toISOString() }
      : {}),
    table: destinationTable,
    active: isActive ?? true,
    ...(statusCode === 'UserAction' || statusCode === 'DataPlaneError' ? { stopped: statusCode } : {}),
  };
}

import { readInstant } from '../clock.ts';
import { armError } from '../router.ts';

/** What a PUT of a summary rule says. */
export interface SummaryRuleInput {
  readonly properties?: {
    readonly ruleType?: string;
    readonly displayName?: string;
    readonly description?: string;
    readonly ruleDefinition?: {
      readonly query?: string;
      readonly binSize?: number;
      readonly destinationTable?: string;
      readonly binDelay?: number;
      readonly binStartTime?: string;
      readonly timeSelector?: string;
    };
  };
}

/** A definition that the service would take. */
export interface CheckedRule {
  readonly query: string;
  readonly binSize: number;
  readonly destinationTable: string;
  readonly binDelay?: number;
  readonly binStartTime?: string;
  readonly timeSelector: 'TimeGenerated';
}

const BIN_SIZES = [20, 30, 60, 120, 180, 360, 720, 1440];
const LONGEST_DELAY = 1_440;
const MINUTE = 60_000;
const HOUR = 3_600_000;
/** What a rule may not call (azure-monitor-docs, logs/summary-rules.md). */
const REFUSED = /\b(workspace|workspaces|app|resource|adx|arg|cluster)\s*\(|\b(bag_unpack|narrow|pivot)\s*\(/i;

/**
 * Holds a rule against what is documented of it (azure-monitor-docs, logs/summary-rules.md). `known`: where the bins of
 * one that is there begin, which may stay in the past.
 */
export function checkRule(
  { properties = {} }: SummaryRuleInput,
  functions: readonly string[],
  now: number,
  known: string | undefined,
): CheckedRule {
  const { ruleType = 'User', ruleDefinition = {} } = properties;
  const { query, binSize, destinationTable, binDelay, binStartTime, timeSelector = 'TimeGenerated' } = ruleDefinition;
  if (ruleType !== 'User') throw invalid('ruleType', `The rule type '${ruleType}' is not valid: it must be 'User'.`);
  if (!query) throw invalid('query', 'The query of the rule is missing.');
  if (binSize === undefined || !BIN_SIZES.includes(binSize))
    throw invalid('binSize', `The bin size '${binSize}' is not one of ${BIN_SIZES.join(', ')}.`);
  if (!destinationTable || !/^[A-Za-z]\w*_CL$/.test(destinationTable))
    throw invalid('destinationTable', `The destination table '${destinationTable}' must end with '_CL'.`);
  if (timeSelector !== 'TimeGenerated')
    throw invalid('timeSelector', `The time selector '${timeSelector}' must be 'TimeGenerated'.`);
  if (binDelay !== undefined && !(binDelay >= 0 && binDelay <= LONGEST_DELAY))
    throw invalid('binDelay', `The bin delay '${binDelay}' is not between 0 and ${LONGEST_DELAY} minutes.`);
  const refused = REFUSED.exec(query);
  if (refused) throw invalid('query', `The query of a rule cannot use '${refused[1] ?? refused[2]}'.`);
  const called = functions.find((name) => new RegExp(`\\b${name}\\b`).test(query));
  if (called !== undefined) throw invalid('query', `User-defined functions are not supported: '${called}'.`);
  if (binStartTime !== undefined) {
    const start = readInstant(binStartTime);
    if (start === undefined || start % HOUR !== 0)
      throw invalid('binStartTime', `The bin start time '${binStartTime}' is no whole hour.`);
    if (start < now - binSize * MINUTE && readInstant(known ?? '') !== start)
      throw invalid('binStartTime', `The bin start time '${binStartTime}' is more than one bin ago.`);
  }
  return {
    query,
    binSize,
    destinationTable,
    timeSelector: 'TimeGenerated',
    ...(binDelay === undefined ? {} : { binDelay }),
    ...(binStartTime === undefined ? {} : { binStartTime }),
  };
}

function invalid(target: string, message: string): Error {
  return armError(400, 'InvalidParameter', message, { target: `properties.ruleDefinition.${target}` });
}

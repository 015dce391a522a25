import { COMPARISONS, MEASURES } from '../../model/alert.ts';
import type { AlertCondition, AlertDelivery, AlertDimension, Comparison, Measure } from '../../model/alert.ts';

/** A value that was read, or a sentence on what is wrong with the text. */
export type Read<T> = { readonly value: T } | string;

/** As they are written in other places: portal, SDK, Azure CLI. */
const SYNONYMS: Readonly<Record<string, Measure>> = {
  avg: 'average',
  mean: 'average',
  min: 'minimum',
  max: 'maximum',
  sum: 'total',
};
const CONDITION = new RegExp(
  String.raw`^([a-z]+)\s*(?:\(\s*([^()]*?)\s*\))?\s*(>=|<=|==|=|>|<)\s*(-?\d+(?:\.\d+)?)(?:\s+in\s+(.*))?$`,
  'i',
);

/** `count > 10`, `average(Percent) >= 90.5`, with `in 2 of 3` behind it. */
export function parseCondition(text: string): Read<AlertCondition> {
  const found = CONDITION.exec(text);
  const word = found?.[1]?.toLowerCase() ?? '';
  const measure = MEASURES.find((one) => one === word) ?? SYNONYMS[word];
  if (!found || !measure)
    return 'A condition is "count > 10", or average, minimum, maximum or total of a column: "average(Percent) >= 90".';
  const column = found[2]?.replace(/^\['(.*)'\]$/, '$1') ?? '';
  if ((column !== '') === (measure === 'count'))
    return measure === 'count' ? 'count has no column.' : `${measure} needs its column: ${measure}(Percent).`;
  const comparison = found[3] === '=' ? '==' : (COMPARISONS.find((one) => one === found[3]) as Comparison);
  const periods = found[5] === undefined ? { value: ONCE } : parseFailing(found[5]);
  if (typeof periods === 'string') return periods;
  return {
    value: {
      measure,
      ...(column === '' ? {} : { column }),
      comparison,
      threshold: Number(found[4]),
      ...periods.value,
    },
  };
}

const ONCE = { periods: 1, failing: 1 };

/** `2 of 3`: in how many of how many windows. The service looks at six at most. */
export function parseFailing(text: string): Read<Pick<AlertCondition, 'periods' | 'failing'>> {
  const [, failing, periods] = /^(\d)\s+of\s+(?:the\s+last\s+)?(\d)(?:\s+windows)?$/i.exec(text) ?? [];
  const value = { periods: Number(periods), failing: Number(failing) };
  return value.periods >= 1 && value.periods <= 6 && value.failing >= 1 && value.failing <= value.periods
    ? { value }
    : 'Failing windows are "2 of 3": in how many of how many, of six at most.';
}

/** `Computer`, `Computer = web01, web02` or `Computer != web01`. */
export function parseDimension(text: string): Read<AlertDimension> {
  const [, column, operator, list] = /^([A-Za-z_][\w.]*)(?:\s*(!=|=)\s*(.+))?$/.exec(text) ?? [];
  if (column === undefined)
    return 'A dimension is a column, or a column with its values: "Computer", "Computer = web01, web02", "Computer != web01".';
  const values = (list ?? '')
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  return { value: { column, values, exclude: operator === '!=' } };
}

const FILE = /^[\w][\w .-]{0,80}$/;

/**
 * `webhook https://... for contoso`, `jsonLines alerts.jsonl`, `ticket ticket.md for customer:contoso`. What a file of
 * a repository may name is an address (which a person approves), and names of files in folders that it does not choose.
 */
export function parseDelivery(text: string): Read<AlertDelivery> {
  const [, kind = '', target = '', whom] =
    /^(webhook|jsonLines|ticket)\s+(.+?)(?:\s+for\s+(?:customer:)?"?([^"]+?)"?)?$/i.exec(text) ?? [];
  const customer = whom === undefined ? {} : { customer: whom };
  switch (kind.toLowerCase()) {
    case 'webhook': {
      const problem = addressProblem(target);
      return problem ?? { value: { kind: 'webhook', url: target, ...customer } };
    }
    case 'jsonlines':
      return target === '-' || FILE.test(target)
        ? { value: { kind: 'jsonLines', file: target, ...customer } }
        : 'JSON lines go to a file of the folder for answers: its name alone, or "-" for standard output.';
    case 'ticket':
      return FILE.test(target) && /\.(?:md|json)$/i.test(target)
        ? { value: { kind: 'ticket', template: target, ...customer } }
        : 'A ticket is made of a template beside the definition: the name of a file that ends in .md or .json.';
    default:
      return 'A delivery is "webhook https://...", "jsonLines FILE" or "ticket TEMPLATE.md", with "for CUSTOMER" where it is one customer\'s.';
  }
}

function addressProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'This is no address. A webhook is an https address.';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:')
    return 'A webhook is an https address: alerts tell of customers, and nobody else may read them.';
  if (username !== '' || password !== '' || hash !== '')
    return 'A webhook is an address without a name, password or fragment.';
  return undefined;
}

import type { KqlType } from '../../model/kqlType.ts';
import type { Expr, Rel } from '../plan.ts';

const BAGS: ReadonlySet<string> = new Set(['bag_pack', 'pack', 'pack_nonempty', 'pack_dictionary', 'bag_set_key']);
/** Types a bag keeps in the service, and that are text in JSON. */
const LOST: ReadonlySet<KqlType> = new Set<KqlType>(['datetime', 'timespan', 'guid', 'decimal']);

/**
 * The keys under which a plan packs values into bags whose type JSON does not keep, with the type; `undefined` stands
 * for keys that are computed.
 */
export function packedTypes(rel: Rel): Map<string | undefined, KqlType> {
  const found = new Map<string | undefined, KqlType>();
  const seen = new Set<object>();
  const visit = (node: unknown, under: string): void => {
    if (typeof node !== 'object' || node === null || seen.has(node) || under === 'database' || under === 'table')
      return;
    seen.add(node);
    if (isBagCall(node)) {
      const pairs = node.name === 'bag_set_key' ? node.args.slice(1) : node.args;
      pairs.forEach((value, i) => {
        const key = pairs[i - 1];
        if (i % 2 === 1 && LOST.has(value.type))
          found.set(key?.kind === 'literal' ? String(key.value) : undefined, value.type);
      });
    }
    for (const [key, value] of Object.entries(node)) visit(value, key);
  };
  visit(rel, '');
  return found;
}
function isBagCall(node: object): node is Extract<Expr, { kind: 'call' }> {
  return 'kind' in node && node.kind === 'call' && 'name' in node && BAGS.has(String(node.name));
}

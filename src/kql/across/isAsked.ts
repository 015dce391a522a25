import type { LiteralValue } from '../literal.ts';
import type { Expr } from '../plan.ts';
import type { RemotePart } from './acrossPlan.ts';

/** Whose rows a target's are, as the attribution columns say it. */
export interface TargetAttribution {
  readonly _Customer: string;
  readonly _Tenant: string;
  readonly _Workspace: string;
}

/**
 * Whether a target is asked a part: false only where the query's own conditions on whose rows it wants surely leave the
 * target out. What cannot be told here is asked; the local part looks at the conditions again.
 */
export function isAsked(part: RemotePart, target: TargetAttribution): boolean {
  return (part.only ?? []).every((condition) => valueOf(condition, target) !== false);
}

/** A value, or undefined where it cannot be told here. */
type Known = LiteralValue | undefined;

function valueOf(expr: Expr, target: TargetAttribution): Known {
  switch (expr.kind) {
    case 'literal':
      return expr.value;
    case 'column':
      return target[expr.name as keyof TargetAttribution];
    case 'convert':
      return expr.type === 'string' || expr.type === 'bool' ? valueOf(expr.value, target) : undefined;
    case 'call':
      return called(
        expr.name,
        expr.args.map((arg) => valueOf(arg, target)),
      );
    default:
      return undefined;
  }
}

function called(name: string, args: readonly Known[]): Known {
  const [first, second] = args;
  if (name === 'and') return args.includes(false) ? false : args.every((arg) => arg === true) ? true : undefined;
  if (name === 'or') return args.includes(true) ? true : args.every((arg) => arg === false) ? false : undefined;
  if (name === 'not') return typeof first === 'boolean' ? !first : undefined;
  if (typeof first !== 'string') return undefined;
  if (name === 'tolower') return first.toLowerCase();
  if (name === 'toupper') return first.toUpperCase();
  if (name.startsWith('!') && name !== '!=' && name !== '!~') {
    const positive = called(name.slice(1), args);
    return typeof positive === 'boolean' ? !positive : undefined;
  }
  if (!args.every((arg) => typeof arg === 'string')) return undefined;
  const others = args.slice(1) as readonly string[];
  const same = (one: string): boolean => one.toLowerCase() === first.toLowerCase();
  switch (name) {
    case '==':
      return first === second;
    case '!=':
      return first !== second;
    case '=~':
      return same(second as string);
    case '!~':
      return !same(second as string);
    case 'in':
      return others.includes(first);
    case 'in~':
      return others.some(same);
    default:
      return undefined;
  }
}

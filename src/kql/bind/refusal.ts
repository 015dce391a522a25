import { AppError } from '../../base/errors.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Place } from '../plan.ts';

/**
 * The place of a node, found when somebody asks: the parser counts it together from the tree's root, and few places are
 * ever told.
 */
export function placeOf(node: SyntaxNode): Place {
  return {
    get start() {
      return node.TextStart;
    },
    get length() {
      return node.Width;
    },
  };
}

/**
 * The error for what the engine does not do: names the construct and its place, and a way around where there is one.
 */
export function refusal(construct: string, place: Place, wayAround?: string): AppError {
  return new AppError(
    'query.unsupported',
    `${construct} is not supported by the local engine.${wayAround ? ` ${wayAround}` : ''}`,
    {
      data: { construct, start: place.start, length: place.length },
    },
  );
}
/** Throws `refusal` with the place of the node. */
export function refuse(construct: string, node: SyntaxNode, wayAround?: string): never {
  throw refusal(construct, placeOf(node), wayAround);
}

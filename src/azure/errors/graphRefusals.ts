import { AppError } from '../../base/errors.ts';
import { sentence } from './query.ts';
import type { WireError } from './query.ts';
import type { ErrorSubject } from './subject.ts';

/**
 * What Resource Graph refuses a question for: its error says only whom to ask for support, the reason is in the details
 * (`InvalidQuery`, and below it what of the query: `ParserFailure` with a place, `UnsupportedJoinFlavor` and the like).
 * Undefined for an error that is not of this kind.
 */
export function fromGraphRefusal({ details = [] }: WireError, { what }: ErrorSubject): AppError | undefined {
  if (details.some(({ code }) => code === 'NoValidSubscriptionsInQueryRequest'))
    return new AppError(
      'access.denied',
      `Resource Graph shows this account none of the subscriptions it was asked about (${what}). Refresh the estate, or ask for the Reader role on them.`,
    );
  if (!details.some(({ code }) => code === 'InvalidQuery')) return undefined;
  const reasons = details.filter(({ code }) => code !== 'InvalidQuery');
  const parser = reasons.find(({ code }) => code === 'ParserFailure');
  const told = parser ?? reasons[0] ?? details.find(({ code }) => code === 'InvalidQuery')!;
  // Some details repeat their code and say no more.
  const says = told.message && told.message !== told.code ? told.message : `It refuses the query (${told.code}).`;
  const near = parser && told.token ? ` near "${told.token.slice(0, 60)}"` : '';
  const said = parser && told.message === told.code ? `It cannot read the query${near}.` : sentence(says);
  return new AppError(parser ? 'query.syntax' : 'query.semantic', `Resource Graph: ${said}`, {
    data: {
      ...(told.code === undefined ? {} : { kqlCode: told.code }),
      ...(told.line === undefined ? {} : { line: told.line }),
      ...(told.characterPositionInLine === undefined ? {} : { pos: told.characterPositionInLine }),
    },
  });
}

import type { AppErrorData, ErrorFamily } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import { bytesOf, jsonOf, LONGEST, shortened, UNTRUSTED } from './writeAnswer.ts';

/** What a failure is told with, whatever others say of it: ours, so no word of it comes from elsewhere. */
const FAILED: Readonly<Record<ErrorFamily, string>> = {
  cancelled: 'The call was cancelled.',
  auth: 'The call failed: the person has to sign in.',
  access: 'The call failed: access was refused.',
  query: 'The query was refused.',
  service: 'The call failed: the service did not do it.',
  network: 'The call failed: the service could not be reached.',
  engine: 'The call failed where the answer is made of its parts.',
  input: 'The call was refused.',
  bug: 'The call failed by a mistake of Tenantscope.',
};

/** UTF-8 bytes of a failure at most. */
const MAX_FAILURE_BYTES = 16 * 1024;

/**
 * A failed call as text: one JSON object. `failed` is our sentence; the `reasons` may quote a workspace, the service or
 * the estate, and come marked as an answer's rows do. Bounded in bytes, at whole reasons.
 */
export function writeFailure({ code, message, data }: AppErrorData): string {
  const told = data?.['reasons'];
  const isShared = Array.isArray(told) && told.every((one) => typeof one === 'string');
  const failed = isShared ? 'Nobody answered.' : FAILED[familyOf(code)];
  const all = (isShared ? told : [message]).map((reason) => shortened(reason, LONGEST.cell));
  const write = (count: number): string =>
    jsonOf({ failed, code, untrusted: true, about: UNTRUSTED, reasons: all.slice(0, count) });
  let count = all.length;
  while (count > 0 && bytesOf(write(count)) > MAX_FAILURE_BYTES) count--;
  return write(count);
}

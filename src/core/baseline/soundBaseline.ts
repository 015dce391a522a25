import { AppError } from '../../base/errors.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import { parseBaseline } from './parseBaseline.ts';

/**
 * A baseline file for those who act on it; `label` is what errors call it. Throws `input.baseline` for one with a
 * mistake: it says less than was meant.
 */
export function soundBaseline({ label, text }: { readonly label: string; readonly text: string }): BaselineFile {
  const { baseline, problems } = parseBaseline(text, label);
  const [first] = problems;
  if (!first) return baseline;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new AppError(
    'input.baseline',
    `${label}:${first.line}: ${first.message}${more} Nothing was asked; mend the file.`,
  );
}

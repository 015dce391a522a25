import { resolveScope, scopeLabel } from '../../core/estate/scope.ts';
import { printScope } from '../../kql/scopeLine.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import type { DocumentScope } from '../session/scopeBook.ts';

/** What a lens says of the scope of its query: whom it resolves to, or its words while the estate is not known. */
export function scopeText(app: Pick<App, 'estate'>, { scope, error }: DocumentScope): string {
  const { estate } = app.estate;
  if (error) return '$(warning) Scope: line has an error';
  const label = estate ? scopeLabel(resolveScope(scope, estate), estate) : printScope(scope);
  return `Scope: ${plainLabel(label || 'nothing')}`;
}

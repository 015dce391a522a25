import { resolveRows, scopeLabel } from '../../core/estate/scope.ts';
import { resolveSubscriptions, subscriptionsLabel } from '../../core/estate/scopeSubscriptions.ts';
import { printScope } from '../../kql/scopeLine.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import type { DocumentScope } from '../session/scopeBook.ts';

/**
 * What a lens says of the scope of its query: whom it resolves to, or its words while the estate is not known. `graph`:
 * the query asks Resource Graph.
 */
export function scopeText(app: Pick<App, 'estate'>, { scope, error }: DocumentScope, graph = false): string {
  const { estate } = app.estate;
  if (error) return '$(warning) Scope: line has an error';
  const label = !estate
    ? printScope(scope)
    : graph
      ? subscriptionsLabel(resolveSubscriptions(scope, estate))
      : scopeLabel(resolveRows(scope, estate), estate);
  return `Scope: ${plainLabel(label || 'nothing')}`;
}

import { AppError } from '../../base/errors.ts';
import type { Scope } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { pickScope } from '../session/pickScope.ts';

/** Who can read a workspace, by what, and what is not visible of that, as a document. */
export function registerAccess(app: App): CommandsOf<'tenantscope.access.explain' | 'tenantscope.access.explainHere'> {
  const explain = async (scope: Scope): Promise<void> => {
    const { markdown } = await withCancellableProgress('Looking who can read', (_report, signal) =>
      app.worker.request('access.explain', { scope }, { signal }),
    );
    await app.documents.showMarkdown('Access.md', markdown);
  };
  return {
    'tenantscope.access.explain': async () => {
      const estate = app.estate.estate ?? (await app.estate.load(false));
      const scope = await pickScope(estate, { include: [], except: [] });
      if (scope) await explain(scope);
    },
    'tenantscope.access.explainHere': (node) => explain(scopeOf(node)),
  };
}

/** What an entry of the tree tells, by shape: features do not know one another's types. */
interface NodeShape {
  readonly kind?: unknown;
  readonly workspace?: { readonly armId?: unknown };
  readonly customer?: { readonly key?: unknown };
}

function scopeOf(node: unknown): Scope {
  const { kind, workspace, customer } = (node ?? {}) as NodeShape;
  if (typeof workspace?.armId === 'string')
    return { include: [{ kind: 'workspace', value: workspace.armId }], except: [] };
  if (kind === 'customer' && typeof customer?.key === 'string')
    return { include: [{ kind: 'customer', value: customer.key }], except: [] };
  throw new AppError('input.noNode', 'Choose this command on a workspace or customer of the Estate view.');
}

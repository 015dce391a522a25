import { AppError, toAppError } from '../../base/errors.ts';
import { secretsIn, withoutSecrets } from '../../base/secretText.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { PlanId, TenantId } from '../../model/ids.ts';
import type { Plan, PlannedChange, PlanSubject } from '../../model/plan.ts';
import type { ChangeAction } from '../../model/changeAction.ts';
import type { PlanStep } from '../../model/planExport.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ChangeCall, ChangeHandler, Effect, Intent } from './changeHandler.ts';
import { planTemplate, toCommands } from './export.ts';
import { SecretBook } from './secretBook.ts';

/** What a plan is made of: intents in the order they are carried out, with the words around them. */
export interface Draft {
  readonly title: string;
  /** Whose token reads, does and verifies. */
  readonly issuer: Issuer;
  /** The tenant that owns what is changed: the plan holds as long as it is the same customer's. */
  readonly owner: TenantId;
  readonly intents: readonly Intent[];
  /** Whom and what it is about, names with ids. */
  readonly about?: readonly PlanSubject[];
  /** What a person has to type, exactly, before it is carried out. */
  readonly typed?: string;
  /** Beside the warnings of the changes themselves. */
  readonly warnings?: readonly string[];
}

/** A plan with what carrying it out needs. The page sees the plan only. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly issuer: Issuer;
  readonly owner: TenantId;
  readonly intents: readonly Intent[];
  /** What each change rests on beside its differences, in the order of the intents. */
  readonly bases: readonly (string | undefined)[];
}

/**
 * Looks at what is there and says what each intent would change; sends nothing but reads. Rejects with `input.*` for
 * what the service would refuse, and with what a read met.
 */
export async function makePlan(
  id: PlanId,
  draft: Draft,
  handlers: readonly ChangeHandler[],
  signal?: CancelSignal,
): Promise<PreparedPlan> {
  const { issuer, owner, intents } = draft;
  const changes: PlannedChange[] = [];
  const bases: (string | undefined)[] = [];
  const warnings = [...(draft.warnings ?? [])];
  for (const intent of intents) {
    const handler = findHandler(handlers, intent.resource);
    const after = intent.after ?? [];
    if (changes.some((change) => change.id === intent.id) || !after.every((id) => changes.some((c) => c.id === id)))
      throw new AppError(
        'bug.planOrder',
        `The change "${intent.id}" of a plan has no place: its id or order is wrong.`,
      );
    const {
      warnings: more = [],
      basis,
      ...effect
    } = await effectOf(intent, handler, { issuer, ...(signal ? { signal } : {}) }, changes);
    bases.push(basis);
    warnings.push(...more);
    changes.push({ id: intent.id, resource: intent.resource, target: intent.target, after, ...effect });
  }
  const effective = intents.flatMap((intent, at) => {
    const { action } = changes[at]!;
    return action === 'none' ? [] : [{ intent, action, handler: findHandler(handlers, intent.resource) }];
  });
  const secrets = new SecretBook();
  const steps = stepsOf(effective, changes, secrets);
  return {
    issuer,
    owner,
    intents,
    bases,
    plan: {
      id,
      title: draft.title,
      about: draft.about ?? [],
      ...(draft.typed === undefined ? {} : { typed: draft.typed }),
      changes,
      warnings,
      template: planTemplate(
        steps.flatMap(({ resources }) => resources),
        secrets.all,
      ),
      commands: toCommands(
        issuer.tenant,
        intents[0]?.target ?? '',
        steps.flatMap(({ commands }) => commands),
      ),
      source: { tenant: issuer.tenant, secrets: secrets.all, steps },
    },
  };
}

interface Effective {
  readonly intent: Intent;
  readonly action: ChangeAction;
  readonly handler: ChangeHandler;
}

/** What an intent would do, as it is written down: an error and its words hold no secret either. */
async function effectOf(
  intent: Intent,
  handler: ChangeHandler,
  call: ChangeCall,
  earlier: readonly PlannedChange[],
): Promise<Effect> {
  const secrets = [...secretsIn(intent.wanted)];
  try {
    const now = await handler.read(intent, call);
    secrets.push(...secretsIn(now));
    return withoutSecrets(handler.diff(intent, now, earlier), secrets);
  } catch (thrown) {
    throw secrets.length === 0 ? thrown : AppError.fromData(withoutSecrets(toAppError(thrown).toData(), secrets));
  }
}

function stepsOf(
  effective: readonly Effective[],
  changes: readonly PlannedChange[],
  secrets: SecretBook,
): readonly PlanStep[] {
  const resources = templateResources(effective);
  return effective.map(({ intent, action, handler }, at) => {
    const { title } = changes.find(({ id }) => id === intent.id)!;
    const marked = <T>(value: T): T => secrets.marked(value, title) as T;
    return {
      title,
      action,
      target: intent.target,
      resources: resources[at]!.map(marked),
      requests: (handler.requests?.(intent, action) ?? []).map(({ body, ...request }) => ({
        ...request,
        ...(body === undefined ? {} : { body: marked(body) }),
      })),
      commands: (handler.commands?.(intent, action) ?? []).map((words) =>
        words.map((word) => secrets.word(word, title)),
      ),
    };
  });
}

/** The resources of a template, each behind those of its own plan that it needs: a template has no order by itself. */
function templateResources(effective: readonly Effective[]): readonly (readonly object[])[] {
  const targets = new Map<string, string>();
  return effective.map(({ intent, action, handler }) => {
    const made = handler.templateResources?.(intent, action) ?? [];
    if (made.length > 0) targets.set(intent.id, intent.target);
    const dependsOn = (intent.after ?? []).flatMap((id) => targets.get(id) ?? []);
    return dependsOn.length === 0 ? made : made.map((resource) => ({ ...resource, dependsOn }));
  });
}

/** The handler of a kind of resource, by its name. */
export function findHandler(handlers: readonly ChangeHandler[], resource: string): ChangeHandler {
  const handler = handlers.find((entry) => entry.resource === resource);
  if (!handler) throw new AppError('bug.noHandler', `Nothing is registered that can change a resource "${resource}".`);
  return handler;
}

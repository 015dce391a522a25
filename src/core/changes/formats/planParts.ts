import type { ArmRequest, PlanSource, PlanStep, PlanWord } from '../../../model/planExport.ts';
import { readPlainValue, readTemplateValue, SecretRef, wholeText } from './value.ts';
import type { ValueObject } from './value.ts';

/** A resource as every format writes it. */
export interface Deployable {
  /** ARM id. */
  readonly id: string;
  readonly type: string;
  readonly apiVersion: string;
  /** With its parents' names, `law/query`. */
  readonly name: string;
  /** ARM id of what it hangs on, where it is an extension of another resource. */
  readonly scope?: string;
  readonly subscription: string;
  /** Absent for what belongs to a subscription or a tenant. */
  readonly group?: string;
  /** Everything else: location, tags, properties ... */
  readonly body: ValueObject;
  /** Ids of resources that must be there before. */
  readonly needs: readonly string[];
  /** It is there already, and is changed. */
  readonly exists: boolean;
  readonly title: string;
}

/** A resource group that the plan makes. */
export interface MadeGroup {
  readonly id: string;
  readonly subscription: string;
  readonly name: string;
  readonly location: string;
}

/** A request of a plan, its secrets taken out. */
export interface PlanRequest extends Omit<ArmRequest, 'body'> {
  readonly body?: ValueObject;
}

/** One change, for scripts that go from one to the next. */
export interface ScriptStep {
  readonly title: string;
  readonly subscription: string | undefined;
  /** Words of `az`, each as the pieces that make it up. */
  readonly commands: readonly (readonly (readonly (string | SecretRef)[])[])[];
  readonly requests: readonly PlanRequest[];
}

/** A plan taken apart for its exports. */
export interface PlanParts {
  readonly title: string;
  readonly tenant: string;
  /** That of the first change: where the export is carried out. */
  readonly subscription: string;
  readonly secrets: readonly SecretRef[];
  /** Resource providers that the subscription is registered for, by namespace. */
  readonly registrations: readonly string[];
  readonly groups: readonly MadeGroup[];
  readonly resources: readonly Deployable[];
  /** Changes of settings that exist: what is not said stays. */
  readonly patches: readonly { readonly title: string; readonly request: PlanRequest }[];
  /** Titles of changes that no description of resources can say, e.g. deletions. */
  readonly others: readonly string[];
  readonly steps: readonly ScriptStep[];
}

const SUBSCRIPTION = /^\/subscriptions\/([^/]+)/i;
const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i;
const GROUP_ITSELF = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i;
const REGISTRATION = /^\/subscriptions\/[^/]+\/providers\/([^/]+)\/register$/i;

/** Takes a plan apart. The same plan gives the same parts. */
export function takeApart(plan: { readonly title: string; readonly source: PlanSource }): PlanParts {
  const title = wholeText(plan.title);
  const source = { ...plan.source, steps: plan.source.steps.map((one) => ({ ...one, title: wholeText(one.title) })) };
  const secrets = source.secrets.map(({ name, what }) => new SecretRef(name, wholeText(what)));
  const secretOf: SecretOf = (name) => secrets.find((one) => one.name === name);
  const resources: Deployable[] = [];
  const registrations: string[] = [];
  const groups: MadeGroup[] = [];
  const patches: { title: string; request: PlanRequest }[] = [];
  const others: string[] = [];
  const steps: ScriptStep[] = [];
  for (const step of source.steps) {
    const made = step.resources.map((resource) => toDeployable(resource, step, secretOf));
    resources.push(...made);
    const subscription = SUBSCRIPTION.exec(step.target)?.[1];
    const requests = step.requests.map(({ body, ...request }): PlanRequest => ({
      ...request,
      ...(body === undefined ? {} : { body: readPlainValue(body, secretOf) as ValueObject }),
    }));
    for (const request of requests) {
      const registered = REGISTRATION.exec(request.path)?.[1];
      const group = request.method === 'PUT' ? GROUP_ITSELF.exec(request.path) : null;
      if (registered !== undefined) registrations.push(registered);
      else if (group)
        groups.push({
          id: request.path,
          subscription: group[1]!,
          name: group[2]!,
          location: String(request.body?.['location']),
        });
      else if (request.method === 'PATCH') patches.push({ title: step.title, request });
      else others.push(step.title);
    }
    if (made.length + requests.length === 0) others.push(step.title);
    steps.push({
      title: step.title,
      subscription,
      commands: step.commands.map((words) => words.map((word) => piecesOf(word, secretOf))),
      requests: [...requests, ...made.map(putOf)],
    });
  }
  return {
    title,
    tenant: source.tenant,
    subscription: source.steps.map(({ target }) => SUBSCRIPTION.exec(target)?.[1]).find(Boolean) ?? '',
    secrets,
    registrations,
    groups,
    resources,
    patches,
    others,
    steps,
  };
}

type SecretOf = (name: string) => SecretRef | undefined;

function piecesOf(word: PlanWord, secretOf: SecretOf): readonly (string | SecretRef)[] {
  if (typeof word === 'string') return [wholeText(word)];
  return word.map((piece) => (typeof piece === 'string' ? wholeText(piece) : secretOf(piece.$secret)!));
}

/** The request that makes a resource what it is to be. */
function putOf({ id, apiVersion, body }: Deployable): PlanRequest {
  return { method: 'PUT', path: id, apiVersion, body };
}

function toDeployable(resource: object, { target, title, action }: PlanStep, secretOf: SecretOf): Deployable {
  const subscription = SUBSCRIPTION.exec(target)?.[1] ?? '';
  const read = readTemplateValue(resource, subscription, secretOf) as ValueObject;
  const { type, apiVersion, name, scope, dependsOn, ...body } = read as ValueObject & {
    readonly type: string;
    readonly apiVersion: string;
    readonly name: string;
    readonly scope?: string;
    readonly dependsOn?: readonly string[];
  };
  const group = GROUP.exec(target)?.[1];
  const above =
    scope ?? (subscription === '' ? '' : `/subscriptions/${subscription}${group ? `/resourceGroups/${group}` : ''}`);
  const [namespace, ...kinds] = type.split('/');
  const names = name.split('/');
  return {
    id: `${above}/providers/${[namespace, ...kinds.flatMap((kind, at) => [kind, names[at] ?? ''])].join('/')}`,
    type,
    apiVersion,
    name,
    ...(scope === undefined || GROUP_ITSELF.test(scope) ? {} : { scope }),
    subscription,
    ...(group === undefined ? {} : { group }),
    body,
    needs: dependsOn ?? [],
    exists: action === 'update',
    title,
  };
}

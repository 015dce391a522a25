import { groupScope, subscriptionScope } from '../armId.ts';
import { findResourceGroup } from '../lookup.ts';
import type { Subscription, World } from '../state.ts';
import { PURE_FUNCTIONS } from './templateFunctions.ts';
import type { Json } from '../expressionReader.ts';
import { evaluate, evaluateText, TemplateError, type ExpressionScope } from './templateExpression.ts';

type JsonObject = { [name: string]: Json };

/** A deployment template, as far as the emulator deploys it. */
export interface Template {
  readonly parameters?: Record<
    string,
    {
      readonly type: string;
      readonly defaultValue?: Json;
      readonly allowedValues?: Json[];
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly minValue?: number;
      readonly maxValue?: number;
    }
  >;
  readonly variables?: Record<string, Json>;
  readonly resources?: Json[] | Record<string, Json>;
  readonly outputs?: Record<string, { readonly type: string; readonly value?: Json; readonly condition?: Json }>;
}

/** Where a template runs. */
interface TemplatePlace {
  readonly world: World;
  readonly subscription: Subscription;
  readonly resourceGroup?: string;
  readonly deploymentName: string;
  readonly location?: string;
  readonly origin: string;
  /** The body of a resource that exists, for `reference`. */
  readonly resource: (id: string) => object | undefined;
}

/** Evaluates the expressions of one template with its parameters. Throws TemplateError. */
export class TemplateRun implements ExpressionScope {
  readonly parameters: Readonly<Record<string, Json>>;
  private readonly template: Template;
  private readonly place: TemplatePlace;
  private readonly running = new Set<string>();

  constructor(template: Template, given: Record<string, { readonly value?: Json }>, place: TemplatePlace) {
    this.template = template;
    this.place = place;
    this.parameters = this.bind(given);
  }

  value(json: Json): Json {
    return evaluate(json, this);
  }

  /** A condition: absent means yes. */
  holds(condition: Json | undefined): boolean {
    return condition === undefined || this.value(condition) === true;
  }

  call(name: string, args: readonly (() => Json)[]): Json {
    const lower = name.toLowerCase();
    const pure = PURE_FUNCTIONS[lower];
    if (pure) return pure(args.map((arg) => arg()));
    const arg = (index: number): Json => args[index]?.() ?? null;
    switch (lower) {
      case 'if':
        return arg(0) === true ? arg(1) : arg(2);
      case 'and':
        return args.every((one) => one() === true);
      case 'or':
        return args.some((one) => one() === true);
      case 'coalesce': {
        for (const one of args) {
          const value = one();
          if (value !== null) return value;
        }
        return null;
      }
      case 'parameters':
        return this.parameter(String(arg(0)));
      case 'variables':
        return this.variable(String(arg(0)));
      case 'resourcegroup':
        return this.group();
      case 'subscription': {
        const { subscription } = this.place;
        return {
          id: subscriptionScope(subscription.subscriptionId),
          subscriptionId: subscription.subscriptionId,
          tenantId: subscription.tenantId,
          displayName: subscription.displayName,
        };
      }
      case 'tenant':
        return { tenantId: this.place.subscription.tenantId };
      case 'deployment':
        return {
          name: this.place.deploymentName,
          location: this.place.location ?? null,
          properties: { mode: 'Incremental', provisioningState: 'Running', parameters: this.parameters as JsonObject },
        };
      case 'environment':
        return {
          name: 'AzureCloud',
          resourceManager: `${this.place.origin}/`,
          authentication: {
            loginEndpoint: `${this.place.origin}/`,
            audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
          },
          portal: `${this.place.origin}/portal`,
        };
      case 'utcnow':
        return new Date(this.place.world.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
      case 'resourceid':
        return this.resourceId(args.map((one) => String(one())));
      case 'subscriptionresourceid': {
        const words = args.map((one) => String(one()));
        return `${subscriptionScope(this.place.subscription.subscriptionId)}/providers/${typed(words[0]!, words.slice(1))}`;
      }
      case 'reference':
        return this.reference(String(arg(0)), args.length > 2 && String(arg(2)).toLowerCase() === 'full');
      default:
        throw new TemplateError(
          'InvalidTemplate',
          `The template function '${name}' is not one the emulator evaluates.`,
        );
    }
  }

  private parameter(name: string): Json {
    const found = Object.entries(this.parameters).find(([one]) => one.toLowerCase() === name.toLowerCase());
    if (!found) throw new TemplateError('InvalidTemplate', `The template parameter '${name}' is not found.`);
    return found[1];
  }

  private variable(name: string): Json {
    const found = Object.entries(this.template.variables ?? {}).find(
      ([one]) => one.toLowerCase() === name.toLowerCase(),
    );
    if (!found) throw new TemplateError('InvalidTemplate', `The template variable '${name}' is not found.`);
    if (this.running.has(name))
      throw new TemplateError('InvalidTemplate', `The template variable '${name}' depends on itself.`);
    this.running.add(name);
    try {
      return this.value(found[1]);
    } finally {
      this.running.delete(name);
    }
  }

  private group(): Json {
    const { world, subscription, resourceGroup } = this.place;
    const group =
      resourceGroup === undefined ? undefined : findResourceGroup(world, subscription.subscriptionId, resourceGroup);
    if (!group) {
      throw new TemplateError(
        'InvalidTemplate',
        "The template function 'RESOURCEGROUP' is not expected at this location: the deployment has no resource group.",
      );
    }
    return {
      id: groupScope(group.subscriptionId, group.name),
      name: group.name,
      type: 'Microsoft.Resources/resourceGroups',
      location: group.location,
      tags: { ...group.tags },
      properties: { provisioningState: 'Succeeded' },
    };
  }

  /** `resourceId([subscription,] [group,] type, names...)`: the type is the first word with a slash. */
  private resourceId(words: readonly string[]): string {
    const at = words.findIndex((word) => word.includes('/'));
    if (at < 0) throw new TemplateError('InvalidTemplate', "The template function 'resourceId' needs a resource type.");
    const before = words.slice(0, at);
    const subscriptionId = before.length > 1 ? before[0]! : this.place.subscription.subscriptionId;
    const group = before.at(-1) ?? this.place.resourceGroup;
    const scope = group === undefined ? subscriptionScope(subscriptionId) : groupScope(subscriptionId, group);
    return `${scope}/providers/${typed(words[at]!, words.slice(at + 1))}`;
  }

  private reference(idOrName: string, full: boolean): Json {
    const body = this.place.resource(idOrName) as { properties?: Json } | undefined;
    if (!body)
      throw new TemplateError(
        'ResourceNotFound',
        `The resource '${idOrName}' that the template refers to was not found.`,
      );
    return JSON.parse(JSON.stringify(full ? body : (body.properties ?? {}))) as Json;
  }

  private bind(given: Record<string, { readonly value?: Json }>): Record<string, Json> {
    const declared = this.template.parameters ?? {};
    const names = Object.keys(declared);
    const unknown = Object.keys(given).filter(
      (name) => !names.some((known) => known.toLowerCase() === name.toLowerCase()),
    );
    if (unknown.length) {
      throw new TemplateError(
        'InvalidTemplate',
        `Deployment template validation failed: 'The following parameters were supplied, but do not correspond to any parameters defined in the template: '${unknown.join(', ')}'. The parameters defined in the template are: '${names.join(', ')}'.'.`,
      );
    }
    const bound: Record<string, Json> = {};
    for (const [name, rule] of Object.entries(declared)) {
      const value = Object.entries(given).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1].value;
      // Defaults may refer to parameters before them.
      const known: ExpressionScope = {
        call: (fn, args) =>
          fn.toLowerCase() === 'parameters' ? (bound[String(args[0]?.())] ?? null) : this.call(fn, args),
      };
      if (value === undefined && rule.defaultValue === undefined) {
        throw new TemplateError(
          'InvalidTemplate',
          `Deployment template validation failed: 'The value for the template parameter '${name}' is not provided.'.`,
        );
      }
      bound[name] =
        value ??
        (typeof rule.defaultValue === 'string'
          ? evaluateText(rule.defaultValue, known)
          : evaluate(rule.defaultValue!, known));
      checkParameter(name, bound[name], rule);
    }
    return bound;
  }
}

function checkParameter(name: string, value: Json, rule: NonNullable<Template['parameters']>[string]): void {
  const fail = (text: string): never => {
    throw new TemplateError(
      'InvalidTemplate',
      `Deployment template validation failed: 'The provided value for the template parameter '${name}' is not valid. ${text}'.`,
    );
  };
  const type = rule.type.toLowerCase();
  const is = Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value === 'number'
        ? 'int'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value;
  if (is !== type.replace('secure', '') && is !== 'null')
    fail(`Expected a value of type '${rule.type}', but received a value of type '${is}'.`);
  if (rule.allowedValues && !rule.allowedValues.some((allowed) => JSON.stringify(allowed) === JSON.stringify(value))) {
    fail(
      `The value '${JSON.stringify(value)}' is not part of the allowed value(s): '${rule.allowedValues.join(',')}'.`,
    );
  }
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
  if (size !== undefined && (size < (rule.minLength ?? 0) || size > (rule.maxLength ?? Infinity))) {
    fail(`Its length ${size} is outside the allowed range.`);
  }
  if (typeof value === 'number' && (value < (rule.minValue ?? -Infinity) || value > (rule.maxValue ?? Infinity))) {
    fail(`The value ${value} is outside the allowed range.`);
  }
}

/** `Microsoft.X/a/b` with names `n, m` as `Microsoft.X/a/n/b/m`. */
export function typed(type: string, names: readonly string[]): string {
  const [namespace, ...types] = type.split('/');
  const all = names.flatMap((name) => name.split('/'));
  return [namespace, ...types.flatMap((one, index) => (all[index] === undefined ? [one] : [one, all[index]]))].join(
    '/',
  );
}

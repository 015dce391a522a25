import { callsIn, TemplateFault } from './expression.ts';
import { REFERENCES, templateOf } from './evaluate.ts';
import { PURE_FUNCTIONS } from './functions.ts';
import type { Expression, Json } from '../expressionReader.ts';
import type { ActionDefinition, Actions, WorkflowDefinition } from './workflow.ts';

/** Actions that the emulator runs. */
const TYPES: ReadonlySet<string> = new Set([
  'Http',
  'Foreach',
  'If',
  'Switch',
  'Until',
  'Scope',
  'Compose',
  'Select',
  'Query',
  'ParseJson',
  'InitializeVariable',
  'SetVariable',
  'Wait',
]);

/** Limits of a definition (logic-apps-limits-and-config.md, Definition limits). */
const MOST = { actions: 500, depth: 8, name: 80, cases: 25, parameters: 50, variables: 250 } as const;

/** The actions inside an action, by the branch they stand in. */
export function branchesOf(action: ActionDefinition): readonly Actions[] {
  return [
    action.actions ?? {},
    action.else?.actions ?? {},
    action.default?.actions ?? {},
    ...Object.values(action.cases ?? {}).map(({ actions = {} }) => actions),
  ];
}

/**
 * Whether the service would take a definition and the emulator can run it. Throws TemplateFault; what is the emulator's
 * own lack says so.
 */
export function validateDefinition(definition: WorkflowDefinition): void {
  const names = new Map<string, ActionDefinition>();
  const collect = (actions: Actions, depth: number): void => {
    if (depth > MOST.depth && Object.keys(actions).length > 0)
      throw new TemplateFault(`The template actions are nested deeper than the maximum depth of '${MOST.depth}'.`);
    for (const [name, action] of Object.entries(actions)) {
      if (names.has(name)) throw new TemplateFault(`The template action name '${name}' is used more than once.`);
      if (name.length > MOST.name)
        throw new TemplateFault(`The template action name '${name}' is longer than '${MOST.name}' characters.`);
      if (!TYPES.has(action.type))
        throw new TemplateFault(
          `The emulator does not run actions of type '${action.type}' (action '${name}').`,
          'NotEmulated',
        );
      if (Object.keys(action.cases ?? {}).length > MOST.cases)
        throw new TemplateFault(`The switch action '${name}' has more than '${MOST.cases}' cases.`);
      if (action.type === 'InitializeVariable' && depth > 1)
        throw new TemplateFault(
          `The variable action '${name}' of type 'InitializeVariable' cannot be nested: it must be at the top level.`,
        );
      names.set(name, action);
      checkOrder(name, action, actions);
      for (const branch of branchesOf(action)) collect(branch, depth + 1);
    }
  };
  for (const [name, { type }] of Object.entries(definition.triggers ?? {}))
    if (type !== 'Recurrence')
      throw new TemplateFault(`The emulator starts no trigger of type '${type}' (trigger '${name}').`, 'NotEmulated');
  if (Object.keys(definition.parameters ?? {}).length > MOST.parameters)
    throw new TemplateFault(`The template has more than '${MOST.parameters}' parameters.`);
  collect(definition.actions ?? {}, 1);
  if (names.size > MOST.actions)
    throw new TemplateFault(`The template has '${names.size}' actions; at most '${MOST.actions}' are allowed.`);
  for (const [name, action] of names) {
    const { actions: _a, else: _e, default: _d, cases: _c, ...own } = action;
    checkTexts(own as unknown as Json, name, definition, names);
  }
}

function checkOrder(name: string, { runAfter = {} }: ActionDefinition, siblings: Actions): void {
  for (const before of Object.keys(runAfter))
    if (siblings[before] === undefined)
      throw new TemplateFault(
        `The 'runAfter' property of template action '${name}' contains non-existent action: '${before}'.`,
      );
  for (const [path, seen] = [[name], new Set<string>()] as [string[], Set<string>]; path.length > 0;) {
    const at = path.pop()!;
    for (const before of Object.keys(siblings[at]?.runAfter ?? {})) {
      if (before === name) throw new TemplateFault(`The template action '${name}' runs after itself.`);
      if (!seen.has(before)) path.push(before);
      seen.add(before);
    }
  }
}

function checkTexts(
  value: Json,
  action: string,
  definition: WorkflowDefinition,
  names: ReadonlyMap<string, ActionDefinition>,
): void {
  if (Array.isArray(value)) for (const item of value) checkTexts(item, action, definition, names);
  else if (value !== null && typeof value === 'object')
    for (const item of Object.values(value)) checkTexts(item, action, definition, names);
  else if (typeof value === 'string') {
    const template = templateOf(value);
    const expressions: readonly Expression[] =
      template.kind === 'expression'
        ? [template.expression]
        : template.kind === 'pieces'
          ? template.pieces.filter((piece) => typeof piece !== 'string')
          : [];
    for (const expression of expressions)
      for (const call of callsIn(expression)) checkCall(call, action, definition, names);
  }
}

function checkCall(
  { name: written, args }: Extract<Expression, { kind: 'call' }>,
  action: string,
  { parameters = {} }: WorkflowDefinition,
  names: ReadonlyMap<string, ActionDefinition>,
): void {
  const name = written.toLowerCase();
  const wanted = REFERENCES[name];
  if (wanted === undefined && PURE_FUNCTIONS[name] === undefined && name !== 'if')
    throw new TemplateFault(
      `The emulator does not know the template language function '${name}' (action '${action}').`,
      'NotEmulated',
    );
  if (wanted !== undefined && args.length !== wanted)
    throw new TemplateFault(
      `The template language function '${name}' expects '${wanted}' parameters: it was given '${args.length}' (action '${action}').`,
    );
  const [first] = args;
  const referred = first?.kind === 'literal' && typeof first.value === 'string' ? first.value : undefined;
  if (referred === undefined) return;
  if (/^(?:outputs|body|items)$/.test(name) && !names.has(referred))
    throw new TemplateFault(
      `The action(s) '${referred}' referenced by 'inputs' in action '${action}' are not defined in the template.`,
    );
  if (name === 'parameters' && parameters[referred] === undefined)
    throw new TemplateFault(
      `The workflow parameter '${referred}' referenced in action '${action}' is not defined in the template.`,
    );
}

import { AppError } from '../../base/errors.ts';
import { textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { JsFunction, ScalarFunction, SqlExpr, EmitContext } from './contract.ts';
import { argument, scalar } from './define.ts';
import { dynamicValue, jsonText, type Json } from './json.ts';
import { requiredTexts } from './requiredTexts.ts';

/**
 * What can be looked for: its name in the answer, and the names of its parts (and which group stands for each where
 * nothing is said).
 */
const TARGETS = {
  browser: { title: 'Browser', parts: ['Family', 'MajorVersion', 'MinorVersion', 'Patch'], groups: [1, 2, 3, 4] },
  os: {
    title: 'OperatingSystem',
    parts: ['Family', 'MajorVersion', 'MinorVersion', 'Patch', 'PatchMinor'],
    groups: [1, 2, 3, 4, 5],
  },
  device: { title: 'Device', parts: ['Family', 'Brand', 'Model'], groups: [1, 0, 1] },
} as const;
type Target = keyof typeof TARGETS;

interface Rule {
  readonly regex: RegExp;
  readonly texts: readonly string[] | undefined;
  readonly replacements: readonly string[];
}
type Rules = Readonly<Record<Target, readonly Rule[]>>;

/** The patterns of uap-core in the order they are tried; there from the first use on. */
let rules: Rules | undefined;
async function loadRules(): Promise<void> {
  if (rules) return;
  const { default: source } = await import('./userAgents.json', { with: { type: 'json' } });
  const read = (lines: readonly (readonly string[])[]): Rule[] =>
    lines.map(([pattern = '', flags = '', ...replacements]) => {
      const texts = requiredTexts(pattern);
      return {
        regex: new RegExp(pattern, flags),
        texts: flags.includes('i') ? texts?.map((text) => text.toLowerCase()) : texts,
        replacements,
      };
    });
  rules = { browser: read(source.browser), os: read(source.os), device: read(source.device) };
}

/**
 * The parts of the first rule that matches (https://github.com/ua-parser/uap-core/blob/master/docs/specification.md);
 * "Other" where none does.
 */
function match(agent: string, lower: string, target: Target): string[] {
  const { parts, groups } = TARGETS[target];
  if (!rules) throw new AppError('bug.notLoaded', 'The patterns of user agents are not there.');
  for (const { regex, texts, replacements } of rules[target]) {
    if (texts && !texts.some((text) => (regex.ignoreCase ? lower : agent).includes(text))) continue;
    const found = regex.exec(agent);
    if (!found) continue;
    return parts.map((_, i) => {
      const group = groups[i] ?? 0;
      const template =
        replacements[i] === undefined || replacements[i] === '' ? (group > 0 ? `$${group}` : '') : replacements[i];
      return template.replaceAll(/\$(\d)/g, (__, digit: string) => found[Number(digit)] ?? '').trim();
    });
  }
  return parts.map((_, i) => (i === 0 ? 'Other' : ''));
}

/** Longer texts are no user agents, and the patterns' time grows faster than the text. */
const MAX_LENGTH = 2048;
const MAX_KEPT = 10_000;
const kept = new Map<string, string>();

function parseUserAgent(agent: string, wanted: string): string {
  const key = `${wanted} ${agent}`,
    known = kept.get(key);
  if (known !== undefined) return known;
  if (agent.length > MAX_LENGTH)
    throw new AppError(
      'query.unsupported',
      `parse_user_agent() of a text longer than ${MAX_LENGTH} characters is not supported by the local engine. Cut it: parse_user_agent(substring(x, 0, ${MAX_LENGTH}), ...).`,
    );
  const lower = agent.toLowerCase();
  const answer = jsonText(
    new Map(
      wanted.split(',').map((name): [string, Json] => {
        const target = name as Target,
          { title, parts } = TARGETS[target],
          values = match(agent, lower, target);
        return [title, new Map(parts.map((part, i): [string, Json] => [part, values[i] ?? '']))];
      }),
    ),
  );
  // Logs repeat few agents many times.
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(key, answer);
  return answer;
}

const PARSE: JsFunction = {
  name: 'kql_parse_user_agent',
  params: ['VARCHAR', 'VARCHAR'],
  returns: 'VARCHAR',
  load: loadRules,
  call: (agent, wanted) => parseUserAgent(String(agent ?? ''), String(wanted)),
};

function emitParse(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const look = argument(args, 1, ctx);
  const asked = look.type === 'dynamic' ? dynamicValue(look.literal) : look.literal;
  const names = Array.isArray(asked) ? asked : [asked];
  const targets = (Object.keys(TARGETS) as Target[]).filter((target) => names.includes(target));
  if (targets.length === 0 || targets.length !== new Set(names).size)
    ctx.refuse('parse_user_agent() of something other than "browser", "os" and "device" as a constant');
  return ctx.js(PARSE, ctx.convert(argument(args, 0, ctx), 'string').sql, textSql(targets.join(',')));
}

/** parse_user_agent(): browser, operating system and device of a User-Agent header. */
export const userAgentFunctions: readonly ScalarFunction[] = scalar('parse_user_agent', emitParse);

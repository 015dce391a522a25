import { visibleText } from '../../../base/visibleText.ts';
import type { PlanExportFile } from '../../../model/planExport.ts';
import { templateHeader } from './arm.ts';
import { chunksOf, onlyGroup } from './chunks.ts';
import type { Chunk } from './chunks.ts';
import { headerLines } from './header.ts';
import type { Deployable, PlanParts } from './planParts.ts';
import { symbolsOf, typeAndName } from './symbols.ts';
import { isObject, SecretRef } from './value.ts';
import type { Value } from './value.ts';

const RESOURCE_GROUPS = '2025-04-01';

/**
 * Bicep: one file where the plan stays in one resource group that is there, else one for the subscription and a module
 * beside it for each stretch of resources in one group. No file where there is nothing a template could say.
 */
export function toBicep(parts: PlanParts, file: string): readonly PlanExportFile[] {
  const chunks = chunksOf(parts.resources.filter(({ subscription }) => subscription !== ''));
  if (chunks.length + parts.groups.length === 0) return [];
  const header = headerLines(parts, templateHeader(parts, file)).map(comment);
  const group = onlyGroup(parts);
  if (group !== undefined) return [{ name: file, text: textOf([header, ...chunkTexts(chunks[0]!, parts)]) }];
  const stem = file.replace(/\.bicep$/i, '');
  const modules: PlanExportFile[] = [];
  const texts: string[][] = [[...header, "targetScope = 'subscription'"], ...parameters(parts)];
  for (const [at, { name, location }] of parts.groups.entries())
    texts.push([
      `resource group${at + 1} 'Microsoft.Resources/resourceGroups@${RESOURCE_GROUPS}' = {`,
      `  name: ${bicepText(name)}`,
      `  location: ${bicepText(location)}`,
      '}',
    ]);
  const outside = chunks.flatMap((one) => (one.group === undefined ? one.resources : []));
  let before = parts.groups.map((_, at) => `group${at + 1}`);
  for (const [at, chunk] of chunks.entries()) {
    if (chunk.group === undefined) {
      texts.push(...chunk.resources.map((one) => resourceText(one, outside, before)));
      before = chunk.resources.map(({ id }) => symbolsOf(outside).get(id.toLowerCase())!);
      continue;
    }
    const name = `${stem}.${at + 1}.bicep`;
    const title = comment(`A part of ${visibleText(file)}, for one resource group.`);
    modules.push({ name, text: textOf([[title], ...chunkTexts(chunk, parts)]) });
    texts.push([
      `module part${at + 1} ${bicepText(`./${name}`)} = {`,
      `  name: 'tenantscope-${at + 1}'`,
      `  scope: resourceGroup(${
        chunk.subscription === parts.subscription ? '' : `${bicepText(chunk.subscription)}, `
      }${bicepText(chunk.group)})`,
      ...(parts.secrets.length === 0
        ? []
        : ['  params: {', ...parts.secrets.map((secret) => `    ${secret.name}: ${secret.name}`), '  }']),
      ...(before.length === 0 ? [] : ['  dependsOn: [', ...before.map((one) => `    ${one}`), '  ]']),
      '}',
    ]);
    before = [`part${at + 1}`];
  }
  return [{ name: file, text: textOf(texts) }, ...modules];
}

function textOf(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function parameters({ secrets }: PlanParts): string[][] {
  return secrets.map(({ name, what }) => [`@description(${bicepText(what)})`, '@secure()', `param ${name} string`]);
}

function chunkTexts({ resources }: Chunk, parts: PlanParts): readonly (readonly string[])[] {
  return [
    ...parameters(parts),
    ...scopesOf(resources).map(({ symbol, id }) => {
      const { type, name } = typeAndName(id);
      return [
        `resource ${symbol} ${bicepText(`${type}@${apiVersionOf(type)}`)} existing = {`,
        `  name: ${bicepText(name)}`,
        '}',
      ];
    }),
    ...resources.map((one) => resourceText(one, resources)),
  ];
}

/** Resources that are there already and that others of the file extend. */
function scopesOf(resources: readonly Deployable[]): readonly { readonly symbol: string; readonly id: string }[] {
  const here = symbolsOf(resources);
  const ids = new Map(
    resources.flatMap(({ scope }) =>
      scope === undefined || here.has(scope.toLowerCase()) ? [] : [[scope.toLowerCase(), scope] as const],
    ),
  );
  return [...ids.values()].map((id, at) => ({ symbol: `existing${at + 1}`, id }));
}

/** Of what is only named any version will do; those of our own resources are the ones that they are written in. */
function apiVersionOf(type: string): string {
  return /^Microsoft\.OperationalInsights\//i.test(type) ? '2025-07-01' : '2024-03-11';
}

/** `all` is what the file has, `before` what all of this waits for. */
function resourceText(resource: Deployable, all: readonly Deployable[], before: readonly string[] = []): string[] {
  const { type, apiVersion, name, scope, id, body, needs } = resource;
  const symbols = symbolsOf(all);
  const parent = name.includes('/') ? symbols.get(id.split('/').slice(0, -2).join('/').toLowerCase()) : undefined;
  const scoped =
    scope === undefined
      ? undefined
      : (symbols.get(scope.toLowerCase()) ??
        scopesOf(all).find((one) => one.id.toLowerCase() === scope.toLowerCase())?.symbol);
  const dependsOn = [...needs.flatMap((need) => symbols.get(need.toLowerCase()) ?? []), ...before];
  return [
    `resource ${symbols.get(id.toLowerCase())!} ${bicepText(`${type}@${apiVersion}`)} = {`,
    ...(parent === undefined ? [] : [`  parent: ${parent}`]),
    `  name: ${bicepText(parent === undefined ? name : name.slice(name.lastIndexOf('/') + 1))}`,
    ...(scoped === undefined ? [] : [`  scope: ${scoped}`]),
    ...Object.entries(body).map(([key, value]) => `  ${bicepKey(key)}: ${bicepValue(value, '  ')}`),
    ...(dependsOn.length === 0 ? [] : ['  dependsOn: [', ...dependsOn.map((one) => `    ${one}`), '  ]']),
    '}',
  ];
}

function bicepValue(value: Value, indent: string): string {
  const deeper = `${indent}  `;
  if (value instanceof SecretRef) return value.name;
  if (typeof value === 'string') return bicepText(value);
  // Bicep has whole numbers of 64 bits alone.
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? String(value) : `json('${JSON.stringify(value)}')`;
  if (Array.isArray(value))
    return value.length === 0
      ? '[]'
      : ['[', ...value.map((item: Value) => `${deeper}${bicepValue(item, deeper)}`), `${indent}]`].join('\n');
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value);
  return entries.length === 0
    ? '{}'
    : [
        '{',
        ...entries.map(([name, item]) => `${deeper}${bicepKey(name)}: ${bicepValue(item, deeper)}`),
        `${indent}}`,
      ].join('\n');
}

function bicepKey(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : bicepText(name);
}

/** A line of a comment; behind a backslash at its end some readers would take the next line for a part of it. */
function comment(line: string): string {
  return `// ${line}`.replace(/\\$/, '$& ');
}

/**
 * A text of one line; what nobody would see is written by its number, and so is what readers of colours would take for
 * an expression or the beginning of a comment, but for that of an address.
 */
export function bicepText(text: string): string {
  const escaped = text
    .replaceAll(/[\\']|(?<!\$)\$(?=\{)/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll(
      /[\p{Cc}\p{Cf}\u2028\u2029]|(?<=\$)\$(?=\{)|(?<!\w:)\/(?=[/*])/gu,
      (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`,
    );
  return `'${escaped}'`;
}

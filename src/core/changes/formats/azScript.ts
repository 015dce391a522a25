import { visibleText } from '../../../base/visibleText.ts';
import { azWord, fileLike, quoteWord } from '../export.ts';
import { headerLines } from './header.ts';
import type { PlanParts, PlanRequest, ScriptStep } from './planParts.ts';
import { secretParameters, secretText } from './powershell.ts';
import { powershellText } from './powershellText.ts';
import { requestUrl } from './requestUrl.ts';
import { SecretRef, toJsonText } from './value.ts';

/** A word of a command: what it is put together of. */
type Word = readonly (string | SecretRef)[];

/** A shell that a script of the Azure CLI is written for. */
interface Shell {
  readonly head: readonly string[];
  readonly needs: readonly string[];
  /** What stands behind the header. */
  readonly prelude: (parts: PlanParts) => readonly string[];
  readonly say: (text: string) => string;
  readonly call: (words: readonly Word[]) => string;
}

/** A script for bash, or for PowerShell 7.3 where the file is to be called `.ps1`, that calls the Azure CLI. */
export function toAzScript(parts: PlanParts, file: string): string {
  const shell = /\.ps1$/i.test(file) ? POWERSHELL : BASH;
  const steps = parts.steps.filter(({ commands, requests }) => commands.length + requests.length > 0);
  if (steps.length === 0) return '';
  const header = headerLines(parts, {
    use: [],
    needs: [`The Azure CLI, signed in: az login --tenant ${parts.tenant}`, ...shell.needs],
    missing: parts.steps.filter((step) => !steps.includes(step)).map(({ title }) => title),
    partial: steps.filter((step) => !writesWhole(step)).map(({ title }) => title),
  }).map((line) => `# ${line}`);
  let current = '';
  return [
    ...shell.head,
    ...header,
    ...shell.prelude(parts),
    ...steps.flatMap((step) => {
      const moved = step.subscription !== undefined && step.subscription !== current;
      if (moved) current = step.subscription!;
      return [
        '',
        ...(moved ? [shell.call([['account'], ['set'], ['--subscription'], [current]])] : []),
        // A terminal would act on what is in a name.
        shell.say(visibleText(step.title)),
        ...wordsOf(step).map(shell.call),
      ];
    }),
    '',
  ].join('\n');
}

/** Whether it puts: the commands that change something send what they say alone. */
function writesWhole(step: ScriptStep): boolean {
  return wordsOf(step).some(([first, , method]) => first?.[0] === 'rest' && method?.[0] === 'put');
}

function wordsOf({ commands, requests }: ScriptStep): readonly (readonly Word[])[] {
  return commands.length > 0 ? commands : requests.map(restWords);
}

/** `az rest` for what no command says. */
function restWords(request: PlanRequest): readonly Word[] {
  const { method, body } = request;
  const secrets: SecretRef[] = [];
  const mark = '\u0000';
  const pieces =
    body === undefined
      ? []
      : toJsonText(body, (secret) => {
          secrets.push(secret);
          return `"${mark}"`;
        }).split(mark);
  return [
    ...[['rest'], ['--method'], [method.toLowerCase()], ['--url'], [requestUrl(request)]],
    ...(body === undefined ? [] : [['--body'], pieces.flatMap((piece, at) => [piece, ...secrets.slice(at, at + 1)])]),
  ];
}

const BASH: Shell = {
  head: ['#!/usr/bin/env bash'],
  needs: ['bash'],
  prelude: ({ secrets }) => [
    'set -euo pipefail',
    ...secrets.map(
      ({ shellName, what }) =>
        `if [ -z "\${${shellName}:-}" ]; then printf '%s\\n' ${quoteWord(`Set ${shellName}: ${what}`)} >&2; exit 2; fi`,
    ),
  ],
  say: (text) => `printf '%s\\n' ${quoteWord(text)}`,
  call: (words) => ['az', ...words.map(bashWord)].join(' '),
};

function bashWord(word: Word): string {
  const [first] = word;
  if (word.length === 1 && typeof first === 'string') return azWord(first);
  return word.map((piece) => (piece instanceof SecretRef ? `"$${piece.shellName}"` : quoteWord(piece))).join('');
}

const POWERSHELL: Shell = {
  head: ['#Requires -Version 7.3'],
  needs: ['PowerShell 7.3'],
  prelude: ({ secrets }) => [
    ...secretParameters(secrets),
    '',
    'Set-StrictMode -Version Latest',
    "$ErrorActionPreference = 'Stop'",
    "$PSNativeCommandArgumentPassing = 'Standard'",
    'function Invoke-Az {',
    '  param([string[]] $Words)',
    '  $az = (Get-Command az -CommandType Application)[0].Source',
    '  # az.cmd would have cmd.exe read the words once more; the Python beside it takes them as they are.',
    String.raw`  if ($az -match '\.(cmd|bat)$') { & (Join-Path (Split-Path $az) '..\python.exe') -IBm azure.cli $Words }`,
    '  else { & $az $Words }',
    '  if ($LASTEXITCODE -ne 0) { throw "az ended with $LASTEXITCODE." }',
    '}',
    'function Save-Word {',
    '  # The CLI reads a file where a word begins with @: a word that is meant so is handed over in one.',
    '  param([string] $Text)',
    '  $file = New-TemporaryFile',
    '  [IO.File]::WriteAllText($file.FullName, "$Text`n")',
    '  $file.FullName',
    '}',
  ],
  say: (text) => `Write-Host ${powershellText(text)}`,
  call: (words) => `Invoke-Az @(${words.map(powershellWord).join(', ')})`,
};

function powershellWord(word: Word): string {
  const [first] = word;
  const file = word.length === 1 && typeof first === 'string' ? fileLike(first) : undefined;
  if (file) return `(${powershellText(`${file.before}@`)} + (Save-Word ${powershellText(file.rest)}))`;
  const pieces = word.map((piece) => (piece instanceof SecretRef ? secretText(piece) : powershellText(piece)));
  return pieces.length === 1 ? pieces[0]! : `(${pieces.join(' + ')})`;
}

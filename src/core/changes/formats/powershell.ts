import { visibleText } from '../../../base/visibleText.ts';
import { headerLines } from './header.ts';
import type { PlanParts, PlanRequest, ScriptStep } from './planParts.ts';
import { powershellText } from './powershellText.ts';
import { requestUrl } from './requestUrl.ts';
import { toJsonText } from './value.ts';
import type { SecretRef } from './value.ts';

const GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i;
const REGISTRATION = /^\/subscriptions\/[^/]+\/providers\/([^/]+)\/register$/i;

const SENDING = `function Send-Change {
  param([string] $Method, [string] $Path, [string] $Payload)
  $request = @{ Method = $Method; Path = $Path; WaitForCompletion = $true }
  if ($Payload) { $request.Payload = $Payload }
  $answer = Invoke-AzRestMethod @request
  if ($answer.StatusCode -ge 400) { throw "$Method $Path was refused with $($answer.StatusCode): $($answer.Content)" }
}`;

/**
 * A script of PowerShell with the Az modules: cmdlets for resource groups and registrations, else the requests that an
 * ARM template or a change of settings comes to.
 */
export function toPowershell(parts: PlanParts): string {
  const missing = parts.steps.filter(({ requests }) => requests.length === 0).map(({ title }) => title);
  const steps = parts.steps.filter(({ requests }) => requests.length > 0);
  if (steps.length === 0) return '';
  const header = headerLines(parts, {
    use: [],
    needs: ['PowerShell 7.2 with the modules Az.Accounts 2.13 and Az.Resources'],
    missing,
    whyMissing: 'for only the Azure CLI has a command of it',
  }).map((line) => `# ${line}`);
  const context = (subscription: string): string =>
    `Set-AzContext -Tenant ${powershellText(parts.tenant)} -Subscription ${powershellText(subscription)} | Out-Null`;
  let current = parts.subscription;
  return [
    `#Requires -Version 7.2`,
    `#Requires -Modules Az.Accounts, Az.Resources`,
    ...header,
    ...secretParameters(parts.secrets),
    '',
    `Set-StrictMode -Version Latest`,
    `$ErrorActionPreference = 'Stop'`,
    SENDING,
    '',
    `if (-not (Get-AzContext)) { Connect-AzAccount -Tenant ${powershellText(parts.tenant)} | Out-Null }`,
    ...(current === '' ? [] : [context(current)]),
    ...steps.flatMap((step) => {
      const moved = step.subscription !== undefined && step.subscription !== current;
      if (moved) current = step.subscription!;
      return ['', ...(moved ? [context(current)] : []), ...stepLines(step)];
    }),
    '',
  ].join('\n');
}

/** What is asked of who runs the script, and never shown. */
export function secretParameters(secrets: readonly SecretRef[]): readonly string[] {
  if (secrets.length === 0) return ['param()'];
  return [
    'param(',
    ...secrets.map(
      ({ name }, at) => `  [Parameter(Mandatory)] [securestring] $${name}${at === secrets.length - 1 ? '' : ','}`,
    ),
    ')',
  ];
}

/** A secret in the clear, as an expression. */
export function secretText({ name }: SecretRef): string {
  return `(ConvertFrom-SecureString $${name} -AsPlainText)`;
}

function stepLines({ title, requests }: ScriptStep): readonly string[] {
  return [`Write-Host ${powershellText(visibleText(title))}`, ...requests.flatMap(requestLines)];
}

function requestLines(request: PlanRequest): readonly string[] {
  const { method, path, body } = request;
  const group = method === 'PUT' ? GROUP.exec(path)?.[1] : undefined;
  if (group !== undefined && Object.keys(body ?? {}).join() === 'location') {
    const name = powershellText(group);
    return [
      // One that is there would lose its tags.
      `if (-not (Get-AzResourceGroup -Name ${name} -ErrorAction SilentlyContinue)) {`,
      `  New-AzResourceGroup -Name ${name} -Location ${powershellText(String(body?.['location']))} | Out-Null`,
      '}',
    ];
  }
  const namespace = REGISTRATION.exec(path)?.[1];
  if (namespace !== undefined) {
    const name = `-ProviderNamespace ${powershellText(namespace)}`;
    return [
      `Register-AzResourceProvider ${name} | Out-Null`,
      `while ((Get-AzResourceProvider ${name}).RegistrationState -contains 'Registering') { Start-Sleep -Seconds 5 }`,
    ];
  }
  const words = [`Send-Change ${method}`, powershellText(requestUrl(request))];
  return [[...words, ...(body === undefined ? [] : [payload(body)])].join(' ')];
}

/** JSON, put together while the script runs where secrets are in it. */
function payload(body: NonNullable<PlanRequest['body']>): string {
  const secrets: SecretRef[] = [];
  const mark = '\u0000';
  const pieces = toJsonText(body, (secret) => {
    secrets.push(secret);
    return mark;
  }).split(mark);
  const [first = '', ...rest] = pieces.map(powershellText);
  if (rest.length === 0) return first;
  return `(${[
    first,
    ...rest.flatMap((piece, at) => [`(ConvertTo-Json ${secretText(secrets[at]!)} -Compress)`, piece]),
  ].join(' + ')})`;
}

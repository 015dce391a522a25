import { DAY, defineTable, each, HOUR, type TableGenerator } from '../generator.ts';
import type { Person, WorkspaceProfile } from '../profile.ts';
import { daylight } from './agents.ts';

const APPS = [
  ['Office 365 Exchange Online', '00000002-0000-0ff1-ce00-000000000000'],
  ['Microsoft Teams', '1fec8e78-bce4-4aaf-ab1b-5451cc387264'],
  ['Azure Portal', 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c'],
  ['Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000'],
  ['Microsoft Azure CLI', '04b07795-8ddb-461a-bbee-02f9e1bf7b46'],
  ['Visual Studio Code', 'aebc6443-996d-45c2-90f0-388ff96faa56'],
] as const;
const FAILURES = [
  ['50126', 'Error validating credentials due to invalid username or password.'],
  [
    '50076',
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication.',
  ],
  ['50053', "The account is locked, you've tried to sign in too many times with an incorrect user ID or password."],
  ['53003', 'Access has been blocked by Conditional Access policies.'],
  ['50074', 'Strong Authentication is required.'],
] as const;
const AGENTS = [
  [
    'Windows10',
    'Edge 142.0.0',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  ],
  ['Ios 26.1', 'Mobile Safari', 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X)'],
  ['MacOs', 'Safari 26.1', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'],
  ['Linux', 'Firefox 145.0', 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'],
] as const;
/** Where those sit who try other people's passwords. */
const STRANGERS = [
  ['185.220.101.34', 'Moscow', 'Moskva', 'RU', 55.75, 37.62],
  ['45.155.205.90', 'Lagos', 'Lagos', 'NG', 6.45, 3.4],
  ['103.75.190.11', 'Hanoi', 'Ha Noi', 'VN', 21.03, 105.85],
] as const;

const signinLogs = defineTable<Person>({
  table: 'SigninLogs',
  every: 4 * HOUR,
  span: 7 * DAY,
  columns:
    'UserPrincipalName UserDisplayName Identity UserId AppDisplayName AppId ResourceDisplayName IPAddress Location LocationDetails ResultType ResultSignature ResultDescription Status DeviceDetail ClientAppUsed UserAgent ' +
    'ConditionalAccessStatus ConditionalAccessPolicies AuthenticationRequirement IsInteractive RiskLevelDuringSignIn RiskLevelAggregated RiskState RiskDetail CorrelationId Id CreatedDateTime DurationMs UserType',
  constants: (profile) => ({
    Category: 'SignInLogs',
    OperationName: 'Sign-in activity',
    OperationVersion: '1.0',
    Level: '4',
    Resource: 'Microsoft.aadiam',
    ResourceGroup: 'Microsoft.aadiam',
    ResourceTenantId: profile.entraTenant,
    HomeTenantId: profile.entraTenant,
    AADTenantId: profile.entraTenant,
    CrossTenantAccessType: 'none',
    TokenIssuerType: 'AzureAD',
    SourceSystem: 'Azure AD',
  }),
  sources: (profile) => each(profile.people, (person) => person.upn),
  row: (person, time, random, profile) => {
    const stranger = profile.quirks.has('bruteForce') ? random.chance(0.25) : random.chance(0.02);
    if (!stranger && !random.chance(0.3 + 0.7 * daylight(time))) return undefined;
    const from = random.pick(STRANGERS);
    const failed = stranger || random.chance(0.07);
    const failure = stranger ? random.pick([FAILURES[0], FAILURES[2], FAILURES[0]]) : random.pick(FAILURES);
    const [app, appId] = random.skewed(APPS);
    const [system, browser, agent] = random.skewed(AGENTS);
    const place = stranger
      ? {
          city: from[1],
          state: from[2],
          countryOrRegion: from[3],
          geoCoordinates: { latitude: from[4], longitude: from[5] },
        }
      : {
          city: person.city.city,
          state: person.city.state,
          countryOrRegion: person.city.country,
          geoCoordinates: { latitude: person.city.latitude, longitude: person.city.longitude },
        };
    const risk = stranger ? random.pick(['medium', 'high']) : 'none';
    return [
      person.upn,
      person.name,
      person.name,
      person.id,
      app,
      appId,
      app === 'Azure Portal' ? 'Windows Azure Service Management API' : app,
      stranger ? from[0] : person.ip,
      place.countryOrRegion,
      JSON.stringify(place),
      failed ? failure[0] : '0',
      'None',
      failed ? failure[1] : '',
      JSON.stringify({
        errorCode: failed ? Number(failure[0]) : 0,
        ...(failed
          ? { failureReason: failure[1] }
          : { additionalDetails: 'MFA requirement satisfied by claim in the token' }),
      }),
      JSON.stringify({
        deviceId: stranger ? '' : person.id.replace(/^.{4}/, 'de1c'),
        displayName: stranger ? '' : person.device,
        operatingSystem: system,
        browser,
        ...(stranger ? {} : { isCompliant: true, isManaged: true, trustType: 'Azure AD joined' }),
      }),
      random.chance(0.85) ? 'Browser' : 'Mobile Apps and Desktop clients',
      agent,
      failed && failure[0] === '53003' ? 'failure' : 'success',
      JSON.stringify([
        {
          displayName: 'Require MFA for everybody',
          result: failed ? 'failure' : 'success',
          enforcedGrantControls: ['Mfa'],
        },
      ]),
      person.admin || random.chance(0.6) ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
      true,
      risk,
      risk,
      stranger ? 'atRisk' : 'none',
      'none',
      random.guid(),
      random.guid(),
      new Date(time - 2000).toISOString(),
      random.int(0, 900),
      person.upn.includes('#EXT#') ? 'Guest' : 'Member',
    ];
  },
});

const AUDITS = [
  ['UserManagement', 'Update user', 'Core Directory'],
  ['GroupManagement', 'Add member to group', 'Core Directory'],
  ['Policy', 'Update conditional access policy', 'Conditional Access'],
  ['UserManagement', 'Reset password (by admin)', 'Self-service Password Management'],
  ['RoleManagement', 'Add member to role', 'Core Directory'],
  ['ApplicationManagement', 'Add service principal credentials', 'Core Directory'],
  ['ApplicationManagement', 'Consent to application', 'Core Directory'],
  ['UserManagement', 'Delete user', 'Core Directory'],
] as const;

const auditLogs = defineTable<WorkspaceProfile>({
  table: 'AuditLogs',
  every: 45 * 60_000,
  span: 7 * DAY,
  columns:
    'OperationName ActivityDisplayName Category LoggedByService Result ResultReason ResultDescription InitiatedBy TargetResources AdditionalDetails Identity CorrelationId Id ActivityDateTime DurationMs',
  constants: (profile) => ({
    AADTenantId: profile.entraTenant,
    Resource: 'Microsoft.aadiam',
    ResourceGroup: 'Microsoft.aadiam',
    OperationVersion: '1.0',
    Level: '4',
    SourceSystem: 'Azure AD',
  }),
  sources: (profile) => [{ key: 'directory', it: profile }],
  row: (profile, time, random) => {
    if (!random.chance(0.2 + 0.8 * daylight(time))) return undefined;
    const [category, operation, service] = random.skewed(AUDITS);
    const actor = random.pick(profile.people.filter(({ admin }) => admin));
    const target = random.pick(profile.people);
    const ok = random.chance(0.96);
    return [
      operation,
      operation,
      category,
      service,
      ok ? 'success' : 'failure',
      ok ? '' : 'Insufficient privileges to complete the operation.',
      '',
      JSON.stringify({
        user: { id: actor.id, displayName: actor.name, userPrincipalName: actor.upn, ipAddress: actor.ip, roles: [] },
      }),
      JSON.stringify([
        {
          id: target.id,
          displayName: target.name,
          type: 'User',
          userPrincipalName: target.upn,
          modifiedProperties: [
            { displayName: 'StrongAuthenticationMethod', oldValue: '[]', newValue: '[{"MethodType":6}]' },
          ],
        },
      ]),
      JSON.stringify([{ key: 'User-Agent', value: 'Mozilla/5.0' }]),
      actor.name,
      random.guid(),
      `Directory_${random.guid()}_${random.hex(5)}`,
      new Date(time).toISOString(),
      0,
    ];
  },
});

const OFFICE = [
  ['FileAccessed', 'SharePoint', 'SharePointFileOperation'],
  ['MailItemsAccessed', 'Exchange', 'ExchangeItemAggregated'],
  ['FileDownloaded', 'SharePoint', 'SharePointFileOperation'],
  ['FileModified', 'OneDrive', 'SharePointFileOperation'],
  ['Send', 'Exchange', 'ExchangeItem'],
  ['TeamsSessionStarted', 'MicrosoftTeams', 'MicrosoftTeams'],
  ['SharingSet', 'OneDrive', 'SharePointSharingOperation'],
  ['New-InboxRule', 'Exchange', 'ExchangeAdmin'],
] as const;

const officeActivity = defineTable<Person>({
  table: 'OfficeActivity',
  every: 5 * HOUR,
  span: 7 * DAY,
  billable: false,
  columns:
    'UserId UserKey UserType Operation OfficeWorkload RecordType ResultStatus ClientIP OfficeObjectId SourceFileName SourceFileExtension Site_Url UserAgent OfficeId Start_Time Parameters',
  constants: (profile) => ({ OrganizationId: profile.entraTenant, OrganizationName: profile.domain }),
  sources: (profile) => each(profile.people, (person) => person.upn),
  row: (person, time, random, profile) => {
    if (!random.chance(0.15 + 0.85 * daylight(time))) return undefined;
    const [operation, workload, record] = random.skewed(OFFICE);
    const file = /^File|Sharing/.test(operation)
      ? random.pick(['Budget 2026.xlsx', 'Offer.docx', 'Roadmap.pptx', 'Payroll.xlsx', 'Minutes.docx'])
      : '';
    const site = file
      ? `https://${profile.domain.split('.')[0]!}.sharepoint.com/sites/${random.pick(['finance', 'sales', 'projects'])}/`
      : '';
    return [
      person.upn,
      person.id,
      person.admin ? 'Admin' : 'Regular',
      operation,
      workload,
      record,
      'Succeeded',
      person.ip,
      file ? `${site}Shared Documents/${file}` : person.upn,
      file,
      file.split('.')[1] ?? '',
      site,
      'Mozilla/5.0',
      random.guid(),
      new Date(time).toISOString(),
      operation === 'New-InboxRule' ? '[{"Name":"ForwardTo","Value":"archive@example.net"}]' : '',
    ];
  },
});

/** What Entra and Microsoft 365 send. */
export const IDENTITY_TABLES: readonly TableGenerator[] = [signinLogs, auditLogs, officeActivity];

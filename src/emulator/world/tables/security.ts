import { DAY, defineTable, each, HOUR, MINUTE, type TableGenerator } from '../generator.ts';
import type { AzureThing, WorkspaceProfile } from '../profile.ts';
import { hashWords, Random } from '../random.ts';

const VENDORS = [
  ['Palo Alto Networks', 'PAN-OS', '11.1.4', 'TRAFFIC'],
  ['Fortinet', 'Fortigate', 'v7.4.5', 'traffic:forward'],
  ['Check Point', 'VPN-1 & FireWall-1', 'R81.20', 'Accept'],
] as const;
const THREATS = [
  ['Suspicious outbound connection', 'spyware'],
  ['SQL injection attempt', 'vulnerability'],
  ['Known malicious address', 'threat'],
] as const;

const commonSecurityLog = defineTable<AzureThing>({
  table: 'CommonSecurityLog',
  every: 4 * MINUTE,
  span: DAY,
  constants: { SourceSystem: 'OpsManager' },
  columns:
    'DeviceVendor DeviceProduct DeviceVersion DeviceEventClassID Activity LogSeverity DeviceName Computer SourceIP SourcePort DestinationIP DestinationPort Protocol ApplicationProtocol DeviceAction SentBytes ReceivedBytes SourceUserName RequestURL Message AdditionalExtensions CollectorHostName',
  sources: (profile) => each(profile.firewalls, (firewall) => firewall.resourceId),
  row: (firewall, _time, random, profile) => {
    const [vendor, product, version, type] = VENDORS[firewall.name.length % VENDORS.length]!;
    const host = random.skewed(profile.hosts);
    const threat = random.chance(0.04) ? random.pick(THREATS) : undefined;
    const denied = threat !== undefined || random.chance(0.12);
    const inbound = random.chance(0.3);
    const stranger = threat || inbound ? random.ip(random.pick(['185.220', '45.155', '103.75'])) : random.ip('20.60');
    return [
      vendor,
      product,
      version,
      threat ? threat[1] : type,
      threat ? threat[0] : type,
      threat ? '8' : denied ? '4' : '1',
      firewall.name,
      firewall.name,
      inbound ? stranger : host.ip,
      random.int(1024, 65000),
      inbound ? host.ip : stranger,
      random.skewed([443, 80, 53, 22, 3389, 445]),
      'TCP',
      random.pick(['ssl', 'web-browsing', 'dns']),
      denied ? 'deny' : 'allow',
      random.int(60, 90_000),
      denied ? 0 : random.int(60, 900_000),
      random.skewed(profile.people).upn,
      '',
      threat ? threat[0] : '',
      `flexString1=${random.hex(6)};PanOSRuleName=rule-${random.int(1, 40)}`,
      `${firewall.name}-log`,
    ];
  },
});

const ALERTS = [
  ['Multiple failed sign-ins followed by success', 'Medium', 'CredentialAccess', 'T1110'],
  ['Suspicious PowerShell command line', 'High', 'Execution', 'T1059'],
  ['Impossible travel to atypical locations', 'Medium', 'InitialAccess', 'T1078'],
  ['Rare outbound connection to known malicious address', 'High', 'CommandAndControl', 'T1071'],
  ['User added to privileged group', 'Low', 'PrivilegeEscalation', 'T1098'],
  ['Audit log cleared', 'High', 'DefenseEvasion', 'T1070'],
] as const;

interface Finding {
  readonly alert: (typeof ALERTS)[number];
  readonly host: string;
  readonly user: string;
  readonly ip: string;
  readonly id: string;
}
/** The finding of a slot: the alert and the incident made from it speak of the same one. */
function findingOf(profile: WorkspaceProfile, time: number): Finding {
  const random = new Random(hashWords(profile.seed, 'finding', Math.floor(time / (5 * HOUR))));
  return {
    alert: random.skewed(ALERTS),
    host: random.pick(profile.hosts).computer,
    user: random.pick(profile.people).upn,
    ip: random.pick(['185.220.101.34', '45.155.205.90', '103.75.190.11']),
    id: random.guid(),
  };
}

const securityAlert = defineTable<WorkspaceProfile>({
  table: 'SecurityAlert',
  every: 5 * HOUR,
  span: 14 * DAY,
  exact: true,
  columns:
    'DisplayName AlertName AlertSeverity Description ProviderName VendorName ProductName AlertType StartTime EndTime ProcessingEndTime Status CompromisedEntity Tactics Techniques Entities ExtendedProperties SystemAlertId VendorOriginalId IsIncident WorkspaceSubscriptionId WorkspaceResourceGroup',
  constants: { SourceSystem: 'Detection', ProductComponentName: 'Scheduled Alerts' },
  sources: (profile) => [{ key: 'alerts', it: profile }],
  row: (profile, time) => {
    const {
      alert: [name, severity, tactic, technique],
      host,
      user,
      ip,
      id,
    } = findingOf(profile, time);
    return [
      name,
      name,
      severity,
      `${name} on ${host} by ${user}.`,
      'ASI Scheduled Alerts',
      'Microsoft',
      'Azure Sentinel',
      `${profile.customerId}_${hashWords(name).toString(16)}`,
      new Date(time - HOUR).toISOString(),
      new Date(time - 600_000).toISOString(),
      new Date(time).toISOString(),
      'New',
      host,
      tactic,
      JSON.stringify([technique]),
      JSON.stringify([
        { $id: '1', HostName: host, Type: 'host' },
        { $id: '2', Name: user, Type: 'account' },
        { $id: '3', Address: ip, Type: 'ip' },
      ]),
      JSON.stringify({ 'Query Period': '05:00:00', 'Trigger Operator': 'GreaterThan', 'Trigger Threshold': '0' }),
      id,
      id,
      false,
      profile.subscriptionId,
      profile.resourceGroup,
    ];
  },
});

const securityIncident = defineTable<WorkspaceProfile>({
  table: 'SecurityIncident',
  every: 5 * HOUR,
  span: 14 * DAY,
  exact: true,
  columns:
    'IncidentNumber IncidentName Title Description Severity Status Classification CreatedTime LastModifiedTime FirstActivityTime LastActivityTime ClosedTime Owner AlertIds RelatedAnalyticRuleIds Labels AdditionalData IncidentUrl ProviderName ProviderIncidentId ModifiedBy',
  constants: { SourceSystem: 'Azure' },
  sources: (profile) => [{ key: 'incidents', it: profile }],
  row: (profile, time, random) => {
    const {
      alert: [name, severity, tactic],
      host,
      id,
    } = findingOf(profile, time);
    const number = Math.floor(time / (5 * HOUR)) % 100_000;
    const status = random.pick(['New', 'New', 'Active', 'Closed']);
    const owner = random.pick(profile.people.filter(({ admin }) => admin));
    const at = new Date(time).toISOString();
    return [
      number,
      random.guid(),
      `${name} on ${host}`,
      '',
      severity,
      status,
      status === 'Closed' ? random.pick(['TruePositive', 'BenignPositive', 'FalsePositive']) : '',
      at,
      at,
      new Date(time - HOUR).toISOString(),
      new Date(time - 600_000).toISOString(),
      status === 'Closed' ? at : null,
      JSON.stringify(
        status === 'New'
          ? { objectId: null, email: null, assignedTo: null, userPrincipalName: null }
          : { objectId: owner.id, email: owner.upn, assignedTo: owner.name, userPrincipalName: owner.upn },
      ),
      JSON.stringify([id]),
      JSON.stringify([random.guid()]),
      '[]',
      JSON.stringify({
        alertsCount: 1,
        bookmarksCount: 0,
        commentsCount: 0,
        alertProductNames: ['Azure Sentinel'],
        tactics: [tactic],
      }),
      `https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident${profile.workspaceId}/${number}`,
      'Azure Sentinel',
      String(number),
      'Incident created from alert',
    ];
  },
});

/** Firewalls, and what Sentinel makes of everything. */
export const SECURITY_TABLES: readonly TableGenerator[] = [commonSecurityLog, securityAlert, securityIncident];

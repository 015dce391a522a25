import { DAY, defineTable, each, MINUTE, type TableGenerator } from '../generator.ts';
import type { Host } from '../profile.ts';
import { daylight } from './agents.ts';

const EVENTS = [
  ['System', 'Service Control Manager', 7036, 4, 'Information', 'The %1 service entered the %2 state.'],
  [
    'System',
    'Microsoft-Windows-Kernel-General',
    16,
    4,
    'Information',
    'The access history in hive was cleared updating keys.',
  ],
  [
    'Application',
    'MSSQLSERVER',
    17806,
    2,
    'Error',
    'SSPI handshake failed while establishing a connection with integrated security; the connection has been closed.',
  ],
  [
    'System',
    'Microsoft-Windows-WindowsUpdateClient',
    19,
    4,
    'Information',
    'Installation Successful: Windows successfully installed an update.',
  ],
  ['System', 'Disk', 153, 3, 'Warning', 'The IO operation was retried.'],
  [
    'Application',
    'Application Error',
    1000,
    2,
    'Error',
    'Faulting application name: w3wp.exe, faulting module name: KERNELBASE.dll, exception code: 0xe0434352',
  ],
  [
    'System',
    'Microsoft-Windows-Time-Service',
    36,
    3,
    'Warning',
    'The time service has not synchronized the system time for 86400 seconds.',
  ],
  ['System', 'EventLog', 6008, 2, 'Error', 'The previous system shutdown was unexpected.'],
] as const;

const event = defineTable<Host>({
  table: 'Event',
  every: 25 * MINUTE,
  span: 2 * DAY,
  constants: { SourceSystem: 'OpsManager' },
  columns:
    'Computer EventLog Source EventID EventLevel EventLevelName RenderedDescription UserName EventCategory ParameterXml EventData _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.hosts.filter(({ os }) => os === 'Windows'),
      (host) => host.name,
      (host) => host.silentSince,
    ),
  row: (host, _time, random) => {
    const [log, source, id, level, levelName, text] = random.skewed(EVENTS);
    return [
      host.computer,
      log,
      source,
      id,
      level,
      levelName,
      text,
      'N/A',
      0,
      `<Param>${random.int(1, 9000)}</Param>`,
      `<DataItem type="System.XmlData"><EventData><Data>${random.int(1, 9000)}</Data></EventData></DataItem>`,
      host.resourceId.toLowerCase(),
      host.subscriptionId,
    ];
  },
});

const SECURITY = [
  [4624, 'An account was successfully logged on.', 'Success'],
  [4672, 'Special privileges assigned to new logon.', 'Success'],
  [4634, 'An account was logged off.', 'Success'],
  [4688, 'A new process has been created.', 'Success'],
  [4625, 'An account failed to log on.', 'Failure'],
  [4768, 'A Kerberos authentication ticket (TGT) was requested.', 'Success'],
  [4776, 'The domain controller attempted to validate the credentials for an account.', 'Success'],
  [4720, 'A user account was created.', 'Success'],
  [4732, 'A member was added to a security-enabled local group.', 'Success'],
  [1102, 'The audit log was cleared.', 'Success'],
] as const;
const COMMANDS = [
  'C:\\Windows\\System32\\svchost.exe',
  'C:\\Windows\\System32\\cmd.exe',
  'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  'C:\\Windows\\System32\\conhost.exe',
  'C:\\Program Files\\Microsoft SQL Server\\MSSQL16\\sqlservr.exe',
  'C:\\Windows\\System32\\net.exe',
  'C:\\Windows\\System32\\whoami.exe',
] as const;

const securityEvent = defineTable<Host>({
  table: 'SecurityEvent',
  every: 8 * MINUTE,
  span: DAY,
  constants: {
    SourceSystem: 'OpsManager',
    Channel: 'Security',
    EventSourceName: 'Microsoft-Windows-Security-Auditing',
    Level: '0',
  },
  columns:
    'Computer EventID Activity Account AccountType TargetAccount TargetUserName TargetDomainName SubjectAccount SubjectUserName LogonType LogonTypeName IpAddress WorkstationName Process NewProcessName ParentProcessName CommandLine Status SubStatus SourceComputerId _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.hosts.filter(({ os }) => os === 'Windows'),
      (host) => host.name,
      (host) => host.silentSince,
    ),
  row: (host, time, random, profile) => {
    if (!random.chance(0.35 + 0.65 * daylight(time))) return undefined;
    const brute = profile.quirks.has('bruteForce') && host.role === 'jump' && random.chance(0.7);
    const [id, activity] = brute ? SECURITY[4] : random.skewed(SECURITY);
    const person = random.skewed(profile.people);
    const failed = id === 4625;
    const process = id === 4688;
    const user = brute
      ? random.pick(['administrator', 'admin', 'test', 'sql', 'backup'])
      : person.account.slice(person.account.indexOf('\\') + 1);
    const account = brute ? `\\${user}` : person.account;
    const type = id === 4624 || failed ? random.skewed([3, 10, 2, 5]) : null;
    const command = random.skewed(COMMANDS);
    return [
      host.computer,
      id,
      `${id} - ${activity}`,
      account,
      'User',
      id === 4672 ? '' : account,
      user,
      brute ? '' : account.slice(0, account.indexOf('\\')),
      `${profile.domain.split('.')[0]!.toUpperCase()}\\${host.name}$`,
      `${host.name}$`,
      type,
      type === null
        ? ''
        : `${type} - ${{ 2: 'Interactive', 3: 'Network', 5: 'Service', 10: 'RemoteInteractive' }[type]!}`,
      brute ? `185.220.10${random.int(0, 1)}.${random.int(2, 60)}` : failed || id === 4624 ? person.ip : '',
      failed ? person.device : '',
      process ? command.slice(command.lastIndexOf('\\') + 1) : '',
      process ? command : '',
      process ? 'C:\\Windows\\explorer.exe' : '',
      process
        ? command.includes('powershell')
          ? `powershell.exe -NoProfile -EncodedCommand ${random.hex(24)}`
          : command
        : '',
      failed ? '0xc000006d' : '',
      failed ? random.pick(['0xc000006a', '0xc0000064']) : '',
      host.vmId,
      host.resourceId.toLowerCase(),
      host.subscriptionId,
    ];
  },
});

const windowsEvent = defineTable<Host>({
  table: 'WindowsEvent',
  every: 15 * MINUTE,
  span: DAY,
  columns:
    'Computer Channel Provider EventID EventLevel EventLevelName EventData EventRecordId Task Opcode Version SystemProcessId SystemThreadId SystemUserId Keywords _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.hosts.filter(({ os }) => os === 'Windows'),
      (host) => host.name,
      (host) => host.silentSince,
    ),
  row: (host, time, random, profile) => {
    const person = random.skewed(profile.people);
    const id = random.skewed([4624, 4688, 4672, 4634, 4625]);
    const data =
      id === 4688
        ? {
            SubjectUserName: person.account.split('\\')[1],
            NewProcessName: random.skewed(COMMANDS),
            ProcessId: `0x${random.hex(4)}`,
            CommandLine: '',
          }
        : {
            TargetUserName: person.account.split('\\')[1],
            TargetUserSid: person.sid,
            LogonType: String(random.skewed([3, 10, 2])),
            IpAddress: person.ip,
            IpPort: String(random.int(49152, 65535)),
          };
    return [
      host.computer,
      'Security',
      'Microsoft-Windows-Security-Auditing',
      id,
      0,
      'LogAlways',
      JSON.stringify(data),
      String(Math.floor(time / 1000) % 90_000_000),
      random.int(12288, 14592),
      '0',
      2,
      random.int(600, 900),
      random.int(100, 9000),
      'N/A',
      id === 4625 ? '0x8010000000000000' : '0x8020000000000000',
      host.resourceId.toLowerCase(),
      host.subscriptionId,
    ];
  },
});

const SYSLOG = [
  ['cron', 'info', 'CRON', '(root) CMD (   cd / && run-parts --report /etc/cron.hourly)'],
  ['authpriv', 'info', 'sshd', 'Accepted publickey for %u from %i port %p ssh2: ED25519 SHA256:%h'],
  ['daemon', 'info', 'systemd', 'Started Session %p of user %u.'],
  ['authpriv', 'warning', 'sshd', 'Failed password for invalid user admin from %i port %p ssh2'],
  ['kern', 'warning', 'kernel', 'nf_conntrack: table full, dropping packet'],
  ['daemon', 'err', 'dockerd', 'level=error msg="Handler for POST returned error: No such image"'],
  [
    'authpriv',
    'notice',
    'sudo',
    '%u : TTY=pts/0 ; PWD=/home/%u ; USER=root ; COMMAND=/usr/bin/systemctl restart nginx',
  ],
  ['local0', 'crit', 'app', 'database connection pool exhausted after 30000 ms'],
] as const;

const syslog = defineTable<Host>({
  table: 'Syslog',
  every: 12 * MINUTE,
  span: DAY,
  constants: { SourceSystem: 'Linux' },
  columns:
    'Computer Facility SeverityLevel ProcessName ProcessID SyslogMessage HostName HostIP EventTime CollectorHostName _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.hosts.filter(({ os }) => os === 'Linux'),
      (host) => host.name,
      (host) => host.silentSince,
    ),
  row: (host, time, random, profile) => {
    const [facility, severity, process, text] = random.skewed(SYSLOG);
    const person = random.skewed(profile.people);
    const message = text
      .replaceAll('%u', person.upn.split('@')[0]!)
      .replace('%i', severity === 'warning' ? random.ip('185.220') : person.ip)
      .replace('%p', String(random.int(1024, 65000)))
      .replace('%h', random.hex(20));
    return [
      host.computer,
      facility,
      severity,
      process,
      random.int(300, 60_000),
      message,
      host.name,
      host.ip,
      new Date(time - 400).toISOString(),
      host.name,
      host.resourceId.toLowerCase(),
      host.subscriptionId,
    ];
  },
});

/** Event logs of computers. */
export const COMPUTER_TABLES: readonly TableGenerator[] = [event, securityEvent, windowsEvent, syslog];

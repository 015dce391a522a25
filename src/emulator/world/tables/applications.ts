import { DAY, defineTable, each, HOUR, MINUTE, type TableGenerator } from '../generator.ts';
import type { AzureThing, WorkspaceProfile } from '../profile.ts';
import { daylight } from './agents.ts';

const ROUTES = [
  ['GET /', 'index'],
  ['GET /api/orders', 'orders'],
  ['GET /api/orders/{id}', 'orders/4711'],
  ['POST /api/orders', 'orders'],
  ['POST /api/login', 'login'],
  ['GET /api/catalog', 'catalog'],
  ['GET /health', 'health'],
  ['DELETE /api/basket', 'basket'],
] as const;

function place(profile: WorkspaceProfile, pick: number): [string, string, string] {
  const person = profile.people[pick % profile.people.length]!;
  return [person.city.city, person.city.state, person.city.country];
}

const appRequests = defineTable<AzureThing>({
  table: 'AppRequests',
  every: 5 * MINUTE,
  span: DAY,
  constants: { SourceSystem: 'Azure', ClientType: 'Browser', SDKVersion: 'azwapcore:2.22.0-429', ItemCount: 1 },
  columns:
    'AppRoleName AppRoleInstance Name Url ResultCode Success DurationMs OperationName OperationId Id ClientIP ClientCity ClientStateOrProvince ClientCountryOrRegion Properties _ResourceId _SubscriptionId',
  sources: (profile) => each(profile.webApps, (app) => app.resourceId),
  row: (app, time, random, profile) => {
    if (!random.chance(0.3 + 0.7 * daylight(time))) return undefined;
    const [name, path] = random.skewed(ROUTES);
    const code = random.chance(0.93) ? '200' : random.pick(['404', '500', '401', '503']);
    const operation = random.hex(32);
    return [
      app.name,
      `${app.name}-${random.int(0, 2)}`,
      name,
      `https://${app.name}.azurewebsites.net/${path}`,
      code,
      code === '200',
      random.real(3, code === '200' ? 700 : 4200, 4),
      name,
      operation,
      random.hex(16),
      '0.0.0.0',
      ...place(profile, random.int(0, 50)),
      JSON.stringify({
        AspNetCoreEnvironment: 'Production',
        _MS_ProcessedByMetricExtractors: "(Name:'Requests', Ver:'1.1')",
      }),
      app.resourceId.toLowerCase(),
      app.subscriptionId,
    ];
  },
});

const EXCEPTIONS = [
  ['System.NullReferenceException', 'Object reference not set to an instance of an object.', 'OrderService.Place'],
  [
    'Microsoft.Data.SqlClient.SqlException',
    'Execution Timeout Expired. The timeout period elapsed prior to completion of the operation.',
    'OrderStore.Read',
  ],
  ['System.Net.Http.HttpRequestException', 'Connection refused (payments.internal:443)', 'PaymentClient.Charge'],
  ['System.UnauthorizedAccessException', 'Attempted to perform an unauthorized operation.', 'LoginController.Post'],
] as const;

const appExceptions = defineTable<AzureThing>({
  table: 'AppExceptions',
  every: 40 * MINUTE,
  span: 2 * DAY,
  constants: { ClientType: 'PC', SDKVersion: 'azwapcore:2.22.0-429', ItemCount: 1, SeverityLevel: 3 },
  columns:
    'AppRoleName AppRoleInstance ExceptionType OuterType OuterMessage OuterMethod InnermostMessage Method ProblemId Message OperationName OperationId Details Properties _ResourceId _SubscriptionId',
  sources: (profile) => each(profile.webApps, (app) => app.resourceId),
  row: (app, _time, random) => {
    const [type, message, method] = random.skewed(EXCEPTIONS);
    return [
      app.name,
      `${app.name}-${random.int(0, 2)}`,
      type,
      type,
      message,
      method,
      message,
      method,
      `${type} at ${method}`,
      message,
      random.skewed(ROUTES)[0],
      random.hex(32),
      JSON.stringify([
        {
          id: String(random.int(1, 60_000_000)),
          outerId: '0',
          type,
          message,
          parsedStack: [{ level: 0, method, line: random.int(10, 400) }],
        },
      ]),
      '{"AspNetCoreEnvironment":"Production"}',
      app.resourceId.toLowerCase(),
      app.subscriptionId,
    ];
  },
});

const DEPENDENCIES = [
  ['SQL', 'orders-db', 'SELECT'],
  ['HTTP', 'payments.internal', 'POST /charge'],
  ['Azure blob', 'images', 'GET'],
  ['Redis', 'cache', 'GET'],
] as const;

const appDependencies = defineTable<AzureThing>({
  table: 'AppDependencies',
  every: 8 * MINUTE,
  span: DAY,
  constants: { ClientType: 'PC', ItemCount: 1 },
  columns:
    'AppRoleName AppRoleInstance DependencyType Target Name Data ResultCode Success DurationMs OperationName OperationId Id Properties _ResourceId _SubscriptionId',
  sources: (profile) => each(profile.webApps, (app) => app.resourceId),
  row: (app, _time, random) => {
    const [type, target, name] = random.skewed(DEPENDENCIES);
    const ok = random.chance(0.97);
    return [
      app.name,
      `${app.name}-${random.int(0, 2)}`,
      type,
      target,
      name,
      `${name} ${target}`,
      ok ? (type === 'HTTP' ? '200' : '0') : '500',
      ok,
      random.real(0.4, ok ? 90 : 30_000, 4),
      random.skewed(ROUTES)[0],
      random.hex(32),
      random.hex(16),
      '{}',
      app.resourceId.toLowerCase(),
      app.subscriptionId,
    ];
  },
});

const CONTAINERS = [
  ['storefront', 'shop'],
  ['orders', 'shop'],
  ['coredns', 'kube-system'],
  ['ama-logs', 'kube-system'],
  ['ingress-nginx-controller', 'ingress'],
] as const;
const LINES = [
  ['info', 'stdout', 'GET /healthz 200 %dms'],
  ['info', 'stdout', 'order %d accepted'],
  ['warning', 'stdout', 'retrying connection to redis, attempt %d'],
  ['error', 'stderr', 'unhandled rejection: ECONNRESET after %dms'],
  ['info', 'stdout', '{"level":"info","msg":"served","ms":%d}'],
] as const;

const containerLogV2 = defineTable<readonly [AzureThing, (typeof CONTAINERS)[number]]>({
  table: 'ContainerLogV2',
  every: 6 * MINUTE,
  span: DAY,
  columns:
    'Computer PodNamespace PodName ContainerName ContainerId LogMessage LogSource LogLevel KubernetesMetadata _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.clusters.flatMap((cluster) => CONTAINERS.map((container) => [cluster, container] as const)),
      ([cluster, container]) => `${cluster.name} ${container[0]}`,
    ),
  row: ([cluster, [container, namespace]], _time, random) => {
    const [level, source, text] = random.skewed(LINES);
    const line = text.replace('%d', String(random.int(1, 900)));
    const pod = `${container}-${(cluster.name.length * 7919).toString(16)}-${random.int(0, 2)}`;
    return [
      `aks-nodepool1-${random.int(0, 2)}`,
      namespace,
      pod,
      container,
      random.hex(24),
      line.startsWith('{') ? line : JSON.stringify(line),
      source,
      level,
      JSON.stringify({ image: `registry.azurecr.io/${container}`, podLabels: { app: container } }),
      cluster.resourceId.toLowerCase(),
      cluster.subscriptionId,
    ];
  },
});

const kubePodInventory = defineTable<readonly [AzureThing, (typeof CONTAINERS)[number]]>({
  table: 'KubePodInventory',
  every: HOUR,
  span: DAY,
  constants: { SourceSystem: 'Containers' },
  columns:
    'Computer ClusterId ClusterName Namespace Name ContainerName PodStatus ContainerStatus ContainerRestartCount PodRestartCount ControllerKind ControllerName PodIp PodLabel _ResourceId _SubscriptionId',
  sources: (profile) =>
    each(
      profile.clusters.flatMap((cluster) => CONTAINERS.map((container) => [cluster, container] as const)),
      ([cluster, container]) => `${cluster.name} ${container[0]}`,
    ),
  row: ([cluster, [container, namespace]], _time, random) => {
    const running = random.chance(0.97);
    const restarts = random.skewed([0, 0, 1, 3, 12]);
    return [
      `aks-nodepool1-${random.int(0, 2)}`,
      cluster.resourceId,
      cluster.name,
      namespace,
      `${container}-0`,
      container,
      running ? 'Running' : 'Pending',
      running ? 'running' : 'waiting',
      restarts,
      restarts,
      'ReplicaSet',
      container,
      random.ip('10.244'),
      JSON.stringify([{ app: container }]),
      cluster.resourceId.toLowerCase(),
      cluster.subscriptionId,
    ];
  },
});

/** What web applications and clusters send. */
export const APPLICATION_TABLES: readonly TableGenerator[] = [
  appRequests,
  appExceptions,
  appDependencies,
  containerLogV2,
  kubePodInventory,
];

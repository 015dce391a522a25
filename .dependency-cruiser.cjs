// The direction of the house as a lock: what each layer may import, who may import vscode, and no cycles.
const LAYERS = {
  base: [],
  model: ['base'],
  ports: ['base', 'model'],
  kql: ['base', 'model', 'ports'],
  engine: ['base', 'model', 'ports', 'kql'],
  azure: ['base', 'model', 'ports'],
  core: ['base', 'model', 'ports', 'kql'],
  protocol: ['base', 'model'],
  report: ['base', 'model'],
  webviews: ['base', 'model', 'protocol', 'report'],
  emulator: ['base', 'model', 'ports', 'kql', 'engine'],
  app: ['base', 'model', 'ports', 'kql', 'engine', 'azure', 'core', 'report'],
  worker: ['base', 'model', 'ports', 'kql', 'engine', 'azure', 'core', 'report', 'app', 'protocol'],
  cli: ['base', 'model', 'ports', 'kql', 'engine', 'azure', 'core', 'report', 'app'],
  extension: ['base', 'model', 'ports', 'kql', 'engine', 'azure', 'core', 'protocol', 'worker'],
};
// Heavy packages, each behind its own door.
const DOORS = {
  '@kusto/language-service-next': '^src/kql/kusto',
  '@duckdb/': '^src/engine/database/',
  yazl: '^src/engine/store/excel/workbook',
  s2js: '^src/engine/functions/geo/s2[.]',
  'h3-js': '^src/engine/functions/geo/h3Cells',
  '@azure/identity': '^src/azure/identity/',
  '@azure/monitor-query': '^src/azure/logs/',
  '@azure/monitor-ingestion': '^src/azure/ingestion/ingestionDoor',
  '@azure/arm-': '^src/azure/arm/',
  'azure-kusto-': '^src/azure/kusto/kustoDoor',
  '@azure/storage-blob': '^src/azure/blobs/blobDoor',
  'https-proxy-agent': '^src/azure/http/agents',
  'pac-resolver': '^src/azure/http/pac/pacScript',
  'quickjs-wasi': '^src/azure/http/pac/pacScript',
  'node-forge': '^src/emulator/',
  json5: '^src/emulator/arm/',
  echarts: '^src/webviews/chart/',
  'regular-table': '^src/webviews/grid/',
  'jsonc-parser': '^src/(core/customers/placedJson|core/access/toComeEntries|kql/queryFiles/jsonTree)',
  'yaml/': '^src/kql/queryFiles/yamlTree',
  'markdown-it': '^src/report/markdownHtml',
  'preact/': '^src/(webviews/shell/view|report/draw)',
  'preact-render-to-string': '^src/report/toHtml',
  '@modelcontextprotocol/': '^src/cli/mcp/server',
  'mmdb-lib': '^src/engine/runtime/placeFile',
};
// The extension starts the worker through its client and knows nothing else of it.
const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  severity: 'error',
  comment: `${layer} may import ${allowed.join(', ') || 'nothing above itself'}`,
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: `^src/(${[layer, ...allowed].join('|')})/` },
}));
const doorRules = Object.entries(DOORS).map(([pkg, door]) => ({
  name: `door-${pkg.replace(/[^a-z]/g, '-')}`,
  severity: 'error',
  comment: `${pkg} has one door: ${door}`,
  from: { path: '^src/', pathNot: door },
  // A package whose files are told by its exports alone is not found among node_modules, and goes by its own name.
  to: { path: `(?:^|node_modules/)${pkg}` },
}));
module.exports = {
  forbidden: [
    ...layerRules,
    ...doorRules,
    {
      name: 'vscode-only-in-extension',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/extension/' },
      to: { path: '^vscode$|@types/vscode/' },
    },
    {
      name: 'features-stand-alone',
      severity: 'error',
      comment: 'feature folders of the extension do not import one another; session is the state they look at',
      from: { path: '^src/extension/([^/]+)/', pathNot: '^src/extension/(platform|session)/' },
      to: { path: '^src/extension/([^/]+)/', pathNot: '^src/extension/($1|platform|session)/' },
    },
    {
      name: 'shell-stands-alone',
      severity: 'error',
      comment: 'the parts of a page know no page',
      from: { path: '^src/webviews/shell/' },
      to: { path: '^src/webviews/', pathNot: '^src/webviews/shell/' },
    },
    {
      name: 'pages-stand-alone',
      severity: 'error',
      comment: 'pages do not import one another; shell, grid and chart are what they share, and know no page',
      from: { path: '^src/webviews/([^/]+)/' },
      to: { path: '^src/webviews/([^/]+)/', pathNot: '^src/webviews/($1|shell|grid|chart)/' },
    },
    {
      name: 'worker-client-only',
      severity: 'error',
      from: { path: '^src/extension/' },
      to: { path: '^src/worker/', pathNot: '^src/worker/client\\.ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.cjs'],
      conditionNames: ['import', 'require', 'node', 'types'],
    },
  },
};

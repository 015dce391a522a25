/** Every command of the product, `tenantscope.feature.verb`. The manifest contributes exactly these; a test holds them against each other. */
export const COMMAND_IDS = [
  'tenantscope.signIn.start', 'tenantscope.signIn.setSecret', 'tenantscope.signIn.forgetSecret',
  'tenantscope.estate.refresh', 'tenantscope.estate.filter', 'tenantscope.estate.clearFilter', 'tenantscope.estate.groupBy',
  'tenantscope.estate.showProblems', 'tenantscope.estate.signInTenant', 'tenantscope.estate.newQuery', 'tenantscope.estate.queryTable',
  'tenantscope.estate.scopeHere', 'tenantscope.estate.copyName', 'tenantscope.estate.copyArmId', 'tenantscope.estate.copyWorkspaceId',
  'tenantscope.estate.copyTenantId', 'tenantscope.estate.openInPortal',
  'tenantscope.customers.open',
  'tenantscope.scope.pick', 'tenantscope.scope.everything', 'tenantscope.scope.writeLine',
  'tenantscope.timeRange.pick',
  'tenantscope.query.new', 'tenantscope.query.run', 'tenantscope.query.runPerWorkspace', 'tenantscope.query.cancel',
  'tenantscope.query.explain',
  'tenantscope.queries.refresh', 'tenantscope.queries.save', 'tenantscope.queries.open',
  'tenantscope.results.show',
  'tenantscope.runs.open', 'tenantscope.runs.openQuery', 'tenantscope.runs.retry', 'tenantscope.runs.discard', 'tenantscope.runs.clear',
  'tenantscope.workspace.create', 'tenantscope.workspace.createHere', 'tenantscope.workspace.changeRetention',
  'tenantscope.workspace.changeCap', 'tenantscope.workspace.changeTags', 'tenantscope.workspace.delete',
  'tenantscope.workspace.deletePermanently',
  'tenantscope.log.show',
] as const;

export type CommandId = (typeof COMMAND_IDS)[number];

/** What a baseline speaks of, in the order in which plans go through it. */
export const BASELINE_SECTIONS = [
  'workspace',
  'tables',
  'tags',
  'functions',
  'savedQueries',
  'collectionRules',
  'diagnosticSettings',
  'actionGroups',
  'alerts',
  'delegations',
  'locks',
] as const;
/** One of them. */
export type BaselineSection = (typeof BASELINE_SECTIONS)[number];

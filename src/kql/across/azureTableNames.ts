import azureTables from './azureTables.json' with { type: 'json' };

/** Tables that the logs of Azure have, by name: the published reference. */
export const AZURE_TABLES: ReadonlySet<string> = new Set(azureTables);

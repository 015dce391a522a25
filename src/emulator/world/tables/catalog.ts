import type { TableGenerator } from '../generator.ts';
import { AGENT_TABLES } from './agents.ts';
import { APPLICATION_TABLES } from './applications.ts';
import { AZURE_TABLES } from './azure.ts';
import { COMPUTER_TABLES } from './computers.ts';
import { CUSTOM_TABLES } from './custom.ts';
import { IDENTITY_TABLES } from './identity.ts';
import { SECURITY_TABLES } from './security.ts';
import { SERVICE_TABLES } from './service.ts';

/** Every table the sample estate can make rows of, by name. */
export const GENERATORS: ReadonlyMap<string, TableGenerator> = new Map(
  [
    AGENT_TABLES,
    COMPUTER_TABLES,
    IDENTITY_TABLES,
    AZURE_TABLES,
    APPLICATION_TABLES,
    SECURITY_TABLES,
    SERVICE_TABLES,
    CUSTOM_TABLES,
  ]
    .flat()
    .map((generator) => [generator.table, generator]),
);

import { BIGINT, BOOLEAN, DOUBLE, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';
import type { PhysicalType } from '../functions/contract.ts';

/** The package's own objects for the types that the engine's columns have. */
export const PACKAGE_TYPES: Readonly<Record<PhysicalType, DuckDBType>> = { BOOLEAN, INTEGER, BIGINT, DOUBLE, VARCHAR };

// Made by `npm run checks` from the files of this folder; a test compares it. Do not edit by hand.
import { auditOffWhereShared } from './auditOffWhereShared.ts';
import { auditShowsQueries } from './auditShowsQueries.ts';
import { baselineDrift } from './baselineDrift.ts';
import { blockAlone } from './blockAlone.ts';
import { capHit } from './capHit.ts';
import { classicTables } from './classicTables.ts';
import { commitmentUnused } from './commitmentUnused.ts';
import { crossRegion } from './crossRegion.ts';
import { customerCannotRead } from './customerCannotRead.ts';
import { delegationCannotEnd } from './delegationCannotEnd.ts';
import { delegationCannotWork } from './delegationCannotWork.ts';
import { delegationTooBroad } from './delegationTooBroad.ts';
import { estatePastLimits } from './estatePastLimits.ts';
import { exportOff } from './exportOff.ts';
import { flowsAcross } from './flowsAcross.ts';
import { guestOnly } from './guestOnly.ts';
import { ingestionStopped } from './ingestionStopped.ts';
import { keysOpen } from './keysOpen.ts';
import { legacyAgents } from './legacyAgents.ts';
import { noCap } from './noCap.ts';
import { paidTwice } from './paidTwice.ts';
import { payAsYouGo } from './payAsYouGo.ts';
import { reachableTwice } from './reachableTwice.ts';
import { regionOutsideResidency } from './regionOutsideResidency.ts';
import { retentionBelowDeclared } from './retentionBelowDeclared.ts';
import { rowsUnattributable } from './rowsUnattributable.ts';
import { silentMachines } from './silentMachines.ts';
import { silentTable } from './silentTable.ts';
import { tableUnreadable } from './tableUnreadable.ts';
import { tenantUnreachable } from './tenantUnreachable.ts';
import { uncollected } from './uncollected.ts';
import { unlocked } from './unlocked.ts';
import { workspaceEmpty } from './workspaceEmpty.ts';
import type { Check } from './check.ts';

/** Every check, those that can find the worst first. */
export const ALL_CHECKS: readonly Check[] = [
  flowsAcross,
  ingestionStopped,
  regionOutsideResidency,
  rowsUnattributable,
  silentTable,
  baselineDrift,
  blockAlone,
  capHit,
  classicTables,
  delegationCannotWork,
  legacyAgents,
  retentionBelowDeclared,
  silentMachines,
  tableUnreadable,
  tenantUnreachable,
  auditOffWhereShared,
  auditShowsQueries,
  commitmentUnused,
  customerCannotRead,
  delegationTooBroad,
  estatePastLimits,
  exportOff,
  guestOnly,
  paidTwice,
  payAsYouGo,
  uncollected,
  crossRegion,
  delegationCannotEnd,
  keysOpen,
  noCap,
  reachableTwice,
  unlocked,
  workspaceEmpty,
];

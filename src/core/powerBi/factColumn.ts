import type { SummaryShape } from '../../kql/rollup/summaryShape.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { RollupTable } from '../../model/rollup.ts';

/** A roll-up whose rows go into a project; of a summary with its shape. */
export interface PowerBiRollup extends SummaryShape {
  readonly table: RollupTable;
  /** The table or function of the centre that gives the stored rows, each once; of a lake nothing is asked. */
  readonly rowsOnce: string;
}

/** A column of a table of the model. */
export interface FactColumn {
  /** As the roll-up calls it, as a lake's files do, and as the model does. */
  readonly source: string;
  readonly file: string;
  readonly name: string;
  readonly type: KqlType;
}

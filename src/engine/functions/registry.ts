import type { AggregateFunction, ScalarFunction } from './contract.ts';
import { accessFunctions } from './access.ts';
import { arithmeticFunctions } from './arithmetic.ts';
import { aggregateFunctions } from './aggregates.ts';
import { arrayFunctions } from './arrays.ts';
import { bagFunctions } from './bags.ts';
import { binFunctions } from './bins.ts';
import { comparisonFunctions } from './comparison.ts';
import { collectionAggregates } from './collections.ts';
import { conversionFunctions } from './conversions.ts';
import { dateFormatFunctions } from './dateFormat.ts';
import { dateTimeFunctions } from './dateTime.ts';
import { geoAddressFunctions } from './geoAddress.ts';
import { bufferFunctions } from './geo/buffers.ts';
import { geohashFunctions } from './geo/geohash.ts';
import { h3CellFunctions } from './geo/h3Cells.ts';
import { lineFunctions } from './geo/lines.ts';
import { polygonFunctions } from './geo/polygons.ts';
import { s2CellFunctions } from './geo/s2Cells.ts';
import { sphereFunctions } from './geo/sphere.ts';
import { logicFunctions } from './logic.ts';
import { membershipFunctions } from './membership.ts';
import { encodingFunctions } from './encoding.ts';
import { networkFunctions } from './network.ts';
import { numberFunctions } from './numbers.ts';
import { parsingFunctions } from './parsing.ts';
import { percentileAggregates } from './percentiles.ts';
import { randomFunctions } from './random.ts';
import { regexFunctions } from './regex.ts';
import { seriesDecomposeFunctions } from './seriesDecompose.ts';
import { seriesFillFunctions } from './seriesFill.ts';
import { seriesFitFunctions } from './seriesFit.ts';
import { seriesMathFunctions } from './seriesMath.ts';
import { seriesTwoLinesFunctions } from './seriesTwoLines.ts';
import { sketchAggregates, sketchFunctions } from './sketches.ts';
import { stringFunctions } from './strings.ts';
import { termFunctions } from './terms.ts';
import { userAgentFunctions } from './userAgent.ts';
import { unitFunctions } from './units.ts';

const scalars = new Map(
  [
    ...comparisonFunctions,
    ...arithmeticFunctions,
    ...logicFunctions,
    ...termFunctions,
    ...membershipFunctions,
    ...accessFunctions,
    ...stringFunctions,
    ...regexFunctions,
    ...encodingFunctions,
    ...parsingFunctions,
    ...conversionFunctions,
    ...dateTimeFunctions,
    ...dateFormatFunctions,
    ...binFunctions,
    ...arrayFunctions,
    ...bagFunctions,
    ...numberFunctions,
    ...networkFunctions,
    ...sketchFunctions,
    ...seriesMathFunctions,
    ...seriesFillFunctions,
    ...seriesFitFunctions,
    ...seriesTwoLinesFunctions,
    ...seriesDecomposeFunctions,
    ...unitFunctions,
    ...sphereFunctions,
    ...geohashFunctions,
    ...s2CellFunctions,
    ...h3CellFunctions,
    ...lineFunctions,
    ...polygonFunctions,
    ...bufferFunctions,
    ...geoAddressFunctions,
    ...randomFunctions,
    ...userAgentFunctions,
  ].map((fn): [string, ScalarFunction] => [fn.name, fn]),
);
const aggregates = new Map(
  [...aggregateFunctions, ...collectionAggregates, ...percentileAggregates, ...sketchAggregates].map(
    (fn): [string, AggregateFunction] => [fn.name, fn],
  ),
);

/** The scalar function or operator of that name (Kusto's, lower case), if it is supported. */
export function findScalar(name: string): ScalarFunction | undefined {
  return scalars.get(name);
}

/** The aggregate of that name, if it is supported. */
export function findAggregate(name: string): AggregateFunction | undefined {
  return aggregates.get(name);
}

/** Everything supported, for the generated support table. */
export function listFunctions(): { name: string; kind: 'scalar' | 'aggregate' }[] {
  return [
    ...[...scalars.keys()].map((name) => ({ name, kind: 'scalar' as const })),
    ...[...aggregates.keys()].map((name) => ({ name, kind: 'aggregate' as const })),
  ].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

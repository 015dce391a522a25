import type { ScalarFunction } from './contract.ts';
import { callJs, argument, literalText, scalar } from './define.ts';

type Units = Readonly<Record<string, number>>;

/** A unit with SI prefixes in front of its name. */
function prefixed(name: string, size: number, prefixes: readonly string[]): Units {
  const factors: Units = { Nano: 1e-9, Micro: 1e-6, Milli: 1e-3, Centi: 1e-2, Deci: 1e-1, Deca: 10, Hecto: 100, Kilo: 1e3, Mega: 1e6, Giga: 1e9, Tera: 1e12 };
  return Object.fromEntries(prefixes.map((prefix) => [prefix === '' ? name : prefix + name.toLowerCase(), size * (factors[prefix] ?? 1)]));
}

const METERS: Units = {
  ...prefixed('Meter', 1, ['', 'Nano', 'Micro', 'Milli', 'Centi', 'Deci', 'Deca', 'Hecto', 'Kilo']),
  Angstrom: 1e-10, Inch: 0.0254, Microinch: 2.54e-8, Mil: 2.54e-5, Hand: 0.1016, Foot: 0.3048, Yard: 0.9144, Fathom: 1.8288, NauticalMile: 1852,
    UsSurveyFoot: 1200 / 3937,
};
const SPEED_LENGTHS: Units = {
  Nanometer: 1e-9, Micrometer: 1e-6, Millimeter: 1e-3, Centimeter: 1e-2, Decimeter: 0.1, Meter: 1, Kilometer: 1e3, Foot: 0.3048, Inch: 0.0254,
    Yard: 0.9144, UsSurveyFoot: 1200 / 3937,
};

/** The units of each kind whose size is exact by definition; of the others the real engine's figures are not known. */
const KINDS: Readonly<Record<string, Units>> = {
  angle: {
    ...prefixed('Radian', 1, ['', 'Nano', 'Micro', 'Milli', 'Centi', 'Deci']), ...prefixed('Degree', Math.PI / 180, ['', 'Nano', 'Micro', 'Milli']),
    Arcminute: Math.PI / 10_800, Arcsecond: Math.PI / 648_000, Gradian: Math.PI / 200, Revolution: 2 * Math.PI,
  },
  energy: {
    ...prefixed('Joule', 1, ['', 'Milli', 'Kilo', 'Mega', 'Giga']), ...prefixed('Calorie', 4.184, ['', 'Kilo', 'Mega']),
      BritishThermalUnit: 1055.05585262, Erg: 1e-7,
    WattHour: 3600, KilowattHour: 3.6e6, MegawattHour: 3.6e9, GigawattHour: 3.6e12, TerawattHour: 3.6e15, WattDay: 86_400, KilowattDay: 8.64e7,
      MegawattDay: 8.64e10, GigawattDay: 8.64e13, TerawattDay: 8.64e16,
  },
  force: { ...prefixed('Newton', 1, ['', 'Micro', 'Milli', 'Deca', 'Kilo', 'Mega']), Dyn: 1e-5, KilogramForce: 9.80665, KiloPond: 9.80665,
    TonneForce: 9806.65 },
  length: METERS,
  mass: {
    ...prefixed('Gram', 1e-3, ['', 'Nano', 'Micro', 'Milli', 'Centi', 'Deci', 'Deca', 'Hecto', 'Kilo']), ...prefixed('Tonne', 1e3, ['', 'Kilo', 'Mega']),
      ...prefixed('Pound', 0.45359237, ['', 'Kilo', 'Mega']),
  },
  // The acre-foot is the real engine's own figure, rounded as it is.
  volume: { ...prefixed('Liter', 1e-3, ['', 'Micro', 'Milli', 'Centi', 'Deci', 'Deca', 'Hecto', 'Kilo', 'Mega']), CubicMeter: 1, CubicDecimeter: 1e-3,
    CubicCentimeter: 1e-6, AcreFoot: 1 / 0.000810714 },
  speed: {
    ...Object.fromEntries(Object.entries(SPEED_LENGTHS).flatMap(([name, size]) =>
      [[`${name}PerSecond`, size], [`${name}PerMinute`, size / 60], [`${name}PerHour`, size / 3600]])),
    MilePerHour: 0.44704,
  },
};

/** convert_<kind>(value, from, to) */
function conversion(kind: string, units: Units): ScalarFunction[] {
  return scalar(`convert_${kind}`, (args, ctx) => {
    const [from, to] = [1, 2].map((index) => {
      const name = literalText(argument(args, index, ctx)) ?? ctx.refuse(`convert_${kind}() with a unit that is not a constant`);
      return units[name] ?? ctx.refuse(`convert_${kind}() with the unit '${name}'`);
    });
    return callJs(ctx, `kql_convert_${from}_${to}`.replaceAll(/[^\w]/g, '_'), [argument(args, 0, ctx)], ['real'], 'real', (value) =>
      (typeof value === 'number' ? (value * (from ?? 1)) / (to ?? 1) : null));
  });
}

export const unitFunctions: readonly ScalarFunction[] = Object.entries(KINDS).flatMap(([kind, units]) => conversion(kind, units));

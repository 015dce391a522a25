import { AppError } from '../../base/errors.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, PhysicalValue, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, callJs, literalText, scalar } from './define.ts';

type Sizes = Readonly<Record<string, number>>;
/** A unit by the way to its kind's base unit and back. */
interface Unit {
  readonly toBase: (value: number) => number;
  readonly fromBase: (value: number) => number;
}
type Units = Readonly<Record<string, Unit>>;

const PREFIXES: Sizes = {
  Nano: 1e-9,
  Micro: 1e-6,
  Milli: 1e-3,
  Centi: 1e-2,
  Deci: 1e-1,
  '': 1,
  Deca: 10,
  Hecto: 100,
  Kilo: 1e3,
  Mega: 1e6,
  Giga: 1e9,
  Tera: 1e12,
};

/** A unit with prefixes in front of its name, which then begins with a small letter. */
function prefixed(name: string, size: number, prefixes: string): Sizes {
  const small = name.charAt(0).toLowerCase() + name.slice(1);
  return Object.fromEntries([
    [name, size],
    ...prefixes.split(' ').map((prefix): [string, number] => [prefix + small, size * (PREFIXES[prefix] ?? 1)]),
  ]);
}

const METERS: Sizes = {
  ...prefixed('Meter', 1, 'Nano Micro Milli Centi Deci Deca Hecto Kilo'),
  ...prefixed('LightYear', 9.46073047258e15, 'Kilo Mega'),
  ...prefixed('Parsec', 3.08567758128e16, 'Kilo Mega'),
  Angstrom: 1e-10,
  AstronomicalUnit: 1.495978707e11,
  Chain: 20.1168,
  DataMile: 1828.8,
  DtpPica: 1 / 236.220472441,
  DtpPoint: 0.0254 / 72,
  Fathom: 1.8288,
  Foot: 0.3048,
  Hand: 0.1016,
  Inch: 0.0254,
  Microinch: 2.54e-8,
  Mil: 2.54e-5,
  NauticalMile: 1852,
  PrinterPica: 1 / 237.106301584,
  PrinterPoint: 0.0254 / 72.27,
  Shackle: 27.432,
  Twip: 1 / 56692.913385826,
  UsSurveyFoot: 1200 / 3937,
  Yard: 0.9144,
};
const SPEEDS = 'Nanometer Micrometer Millimeter Centimeter Decimeter Meter Kilometer Foot Inch Yard UsSurveyFoot';
const GRAVITY = 9.80665;

/** Sizes of units as the real engine's library (UnitsNet) has them, whose names are these. */
const SIZES: Readonly<Record<string, Sizes>> = {
  angle: {
    ...prefixed('Radian', 1, 'Nano Micro Milli Centi Deci'),
    ...prefixed('Degree', Math.PI / 180, 'Nano Micro Milli'),
    Arcminute: Math.PI / 10_800,
    Arcsecond: Math.PI / 648_000,
    Gradian: Math.PI / 200,
    NatoMil: Math.PI / 3200,
    Revolution: 2 * Math.PI,
  },
  energy: {
    ...prefixed('Joule', 1, 'Milli Kilo Mega Giga'),
    ...prefixed('Calorie', 4.184, 'Kilo Mega'),
    ...prefixed('BritishThermalUnit', 1055.05585262, 'Kilo Mega Giga'),
    ...prefixed('ElectronVolt', 1.602176565e-19, 'Kilo Mega Giga Tera'),
    ...prefixed('WattHour', 3600, 'Kilo Mega Giga Tera'),
    ...prefixed('WattDay', 86_400, 'Kilo Mega Giga Tera'),
    ...prefixed('ThermEc', 1.05505585262e8, 'Deca'),
    ...prefixed('ThermUs', 1.054804e8, 'Deca'),
    ...prefixed('ThermImperial', 1.05505585257348e8, 'Deca'),
    Erg: 1e-7,
    FootPound: 1.355817948,
    HorsepowerHour: 2.6845195377e6,
  },
  force: {
    ...prefixed('Newton', 1, 'Micro Milli Deca Kilo Mega'),
    ...prefixed('PoundForce', 4.4482216152605, 'Kilo'),
    Dyn: 1e-5,
    KilogramForce: GRAVITY,
    KiloPond: GRAVITY,
    TonneForce: 1000 * GRAVITY,
    OunceForce: 0.2780138509537812,
    Poundal: 0.138254954376,
    ShortTonForce: 8896.443230521,
  },
  length: METERS,
  mass: {
    ...prefixed('Gram', 1e-3, 'Nano Micro Milli Centi Deci Deca Hecto Kilo'),
    ...prefixed('Tonne', 1e3, 'Kilo Mega'),
    ...prefixed('Pound', 0.45359237, 'Kilo Mega'),
    EarthMass: 5.9722e24,
    Grain: 6.479891e-5,
    LongHundredweight: 50.80234544,
    LongTon: 1016.0469088,
    Ounce: 0.028349523125,
    ShortHundredweight: 45.359237,
    ShortTon: 907.18474,
    Slug: 14.593902937206,
    Stone: 6.35029318,
  },
  speed: {
    ...Object.fromEntries(
      SPEEDS.split(' ').flatMap((name): [string, number][] => {
        const size = METERS[name] ?? 0;
        return [
          [`${name}PerSecond`, size],
          [`${name}PerMinute`, size / 60],
          [`${name}PerHour`, size / 3600],
        ];
      }),
    ),
    MilePerHour: 0.44704,
  },
  volume: {
    ...prefixed('Liter', 1e-3, 'Micro Milli Centi Deci Deca Hecto Kilo Mega'),
    ...prefixed('CubicMeter', 1, 'Hecto Kilo'),
    ...prefixed('ImperialGallon', 0.00454609, 'Kilo Mega'),
    AcreFoot: 1 / 0.000810714,
    AuTablespoon: 2e-5,
    BoardFoot: 0.0023597372158,
    CubicCentimeter: 1e-6,
    CubicDecimeter: 1e-3,
    CubicHectometer: 1e6,
    CubicKilometer: 1e9,
    CubicMicrometer: 1e-18,
    CubicMile: 4.16818182544058e9,
    CubicMillimeter: 1e-9,
    CubicYard: 0.764554858,
    ImperialBeerBarrel: 0.16365924,
    ImperialOunce: 2.84130625e-5,
    ImperialPint: 5.6826125e-4,
    MetricCup: 2.5e-4,
    MetricTeaspoon: 5e-6,
    OilBarrel: 0.158987294928,
    UkTablespoon: 1.5e-5,
    UsBeerBarrel: 0.1173477658,
    UsCustomaryCup: 2.365882365e-4,
    UsLegalCup: 2.4e-4,
    UsOunce: 2.95735295625e-5,
    UsPint: 4.73176473e-4,
    UsQuart: 9.46352946e-4,
    UsTablespoon: 1.478676478125e-5,
    UsTeaspoon: 4.92892159375e-6,
  },
};

/** Units whose size the versions of that library do not agree on. */
const UNSURE: ReadonlySet<string> = new Set(
  [
    'Mile',
    'SolarRadius',
    'SolarMass',
    'Knot',
    'CubicFoot',
    'HectocubicFoot',
    'KilocubicFoot',
    'MegacubicFoot',
    'CubicInch',
    'UsGallon',
    'DecausGallon',
    'DeciusGallon',
    'HectousGallon',
    'KilousGallon',
    'MegausGallon',
  ].map((name) => name.toLowerCase()),
);

/** One degree is `size` kelvins, and 0 of it is `zero` kelvins. */
const scale = (size: number, zero: number): Unit => ({
  toBase: (value) => value * size + zero,
  fromBase: (value) => (value - zero) / size,
});
const KINDS: Readonly<Record<string, Units>> = {
  ...Object.fromEntries(
    Object.entries(SIZES).map(([kind, sizes]): [string, Units] => [
      kind,
      Object.fromEntries(
        Object.entries(sizes).map(([name, size]): [string, Unit] => [
          name,
          { toBase: (value) => value * size, fromBase: (value) => value / size },
        ]),
      ),
    ]),
  ),
  temperature: {
    Kelvin: scale(1, 0),
    DegreeCelsius: scale(1, 273.15),
    MillidegreeCelsius: scale(1e-3, 273.15),
    DegreeDelisle: scale(-2 / 3, 373.15),
    DegreeFahrenheit: scale(5 / 9, (459.67 * 5) / 9),
    DegreeNewton: scale(100 / 33, 273.15),
    DegreeRankine: scale(5 / 9, 0),
    DegreeReaumur: scale(5 / 4, 273.15),
    DegreeRoemer: scale(40 / 21, 273.15 - (7.5 * 40) / 21),
    SolarTemperature: scale(5778, 0),
  },
};

/** The unit, undefined where there is none of that name (the answer is null then), or why it is not sure. */
function unitOf(kind: string, name: string): Unit | undefined | string {
  const units = KINDS[kind] ?? {},
    found = Object.hasOwn(units, name) ? units[name] : name === 'Tilt' && kind === 'angle' ? TILT : undefined;
  if (found) return found;
  const lower = name.toLowerCase();
  const doubtful = UNSURE.has(lower) || [...Object.keys(units), 'Tilt'].some((known) => known.toLowerCase() === lower);
  return doubtful ? `convert_${kind}() with the unit '${name}'` : undefined;
}
/** The sine of the angle. */
const TILT: Unit = { toBase: Math.asin, fromBase: Math.sin };

function convert(
  kind: string,
  value: PhysicalValue | undefined,
  from: PhysicalValue | undefined,
  to: PhysicalValue | undefined,
): number | null {
  const units = [from, to].map((name) => unitOf(kind, String(name ?? '')));
  const [source, target] = units.map((unit) => {
    if (typeof unit === 'string')
      throw new AppError('query.unsupported', `${unit} is not supported by the local engine.`);
    return unit;
  });
  return typeof value === 'number' && source && target
    ? source === target
      ? value
      : target.fromBase(source.toBase(value))
    : null;
}

/** convert_<kind>(value, from, to): null for a unit that is none. */
function emitConversion(kind: string, args: readonly SqlExpr[], ctx: EmitContext): Sql {
  for (const index of [1, 2]) {
    const name = literalText(argument(args, index, ctx)),
      unit = name === undefined ? undefined : unitOf(kind, name);
    if (typeof unit === 'string') ctx.refuse(unit);
  }
  return callJs(ctx, `kql_convert_${kind}`, args, ['real', 'string', 'string'], 'real', (...values) =>
    convert(kind, ...(values as [PhysicalValue, PhysicalValue, PhysicalValue])),
  );
}

/** convert_length(), convert_temperature() and the other conversions between units, by the units' names. */
export const unitFunctions: readonly ScalarFunction[] = Object.keys(KINDS).flatMap((kind) =>
  scalar(`convert_${kind}`, (args, ctx) => emitConversion(kind, args, ctx)),
);

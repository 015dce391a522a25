import { uncertain } from './define.ts';

/** Lanczos coefficients (g = 607/128, 15 terms), good to about 1e-15. */
const LANCZOS = [
  0.99999999999999709182, 57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978,
  0.33994649984811888699e-4, 0.46523628927048575665e-4, -0.98374475304879564677e-4, 0.15808870322491248884e-3,
  -0.21026444172410488319e-3, 0.2174396181152126432e-3, -0.16431810653676389022e-3, 0.84418223983852743293e-4,
  -0.2619083840158140867e-4, 0.36899182659531622704e-5,
];

/** The logarithm of the gamma function's absolute value. */
export function logGamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Number.POSITIVE_INFINITY;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const z = x - 1,
    t = z + 607 / 128 + 0.5;
  const series = LANCZOS.reduce((sum, c, i) => sum + (i === 0 ? c : c / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}

/**
 * The gamma function; infinite above 171. Where the real engine's answer is not known (0 and negative whole numbers) it
 * ends the query.
 */
export function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) uncertain('gamma() of 0 or a negative whole number');
    if (x <= 171) {
      let product = 1;
      for (let i = 2; i < x; i++) product *= i;
      return product;
    }
    return Number.POSITIVE_INFINITY;
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  return Math.exp(logGamma(x));
}

/** The continued fraction of the incomplete beta function (Lentz). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1,
    d = 1 / guard(1 - ((a + b) * x) / (a + 1)),
    h = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return h;
}

/** The regularised incomplete beta function. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x === 0 || x === 1) return x;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/**
 * NaN for x outside [0, 1] and for a second parameter that is not positive; a first one that is not positive gives 1,
 * as the real engine does.
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1) || !(b > 0)) return Number.NaN;
  if (a > 10_000 || b > 10_000) uncertain('beta_cdf() with a parameter above 10,000');
  return a > 0 ? incompleteBeta(x, a, b) : 1;
}

/** The density of the beta distribution at `x`; NaN outside (0, 1) and for parameters that are not positive. */
export function betaPdf(x: number, a: number, b: number): number {
  if (!(x > 0 && x < 1) || !(a > 0) || !(b > 0)) return Number.NaN;
  return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
}

/** The x whose beta_cdf is p, by halving. Outside its domain the documentation says NaN here and null there. */
export function betaInverse(p: number, a: number, b: number): number {
  if (!(p > 0 && p <= 1) || !(a > 0) || !(b > 0)) uncertain('beta_inv() outside its domain');
  if (p === 1) return 1;
  let low = 0,
    high = 1;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The error function: its series near zero, the continued fraction of its complement elsewhere. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 3) {
    let term = x,
      sum = x;
    for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17 && n < 200; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  return Math.sign(x) * (1 - tail(size));
}

/** The complement of erf for x of at least 3, by its continued fraction. */
function tail(x: number): number {
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

/** 1 - erf(x), with the digits that the difference would lose. */
export function erfc(x: number): number {
  return x >= 3 ? tail(x) : 1 - erf(x);
}

type Sample = readonly [mean: number, variance: number, count: number];

/** The two-sided p-value of Welch's t-test. */
export function welchTest([m1, v1, n1]: Sample, [m2, v2, n2]: Sample): number {
  const a = v1 / n1,
    b = v2 / n2;
  const t = (m1 - m2) / Math.sqrt(a + b);
  const freedom = (a + b) ** 2 / (a ** 2 / (n1 - 1) + b ** 2 / (n2 - 1));
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

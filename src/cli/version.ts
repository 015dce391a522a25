/** The bundler puts the version of the package here. */
declare const __VERSION__: string | undefined;
/** The package's version; 0.0.0 when run from sources. */
export const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';

/** What the host suites use of Mocha, which brings no types of its own. */
declare module 'mocha' {
  export interface Failure extends Error {
    readonly showDiff?: boolean;
  }
  export interface MochaTest {
    readonly title: string;
    readonly duration?: number;
    fullTitle(): string;
  }
  export interface Runner {
    on(event: 'pass', listener: (test: MochaTest) => void): this;
    on(event: 'fail', listener: (test: MochaTest, error: Failure) => void): this;
  }
  export default class Mocha {
    constructor(options: {
      readonly ui: 'bdd';
      readonly timeout: number;
      readonly slow: number;
      readonly reporter?: unknown;
    });
    readonly suite: { emit(event: 'pre-require', context: unknown, file: string, mocha: Mocha): void };
    run(done: (failures: number) => void): Runner;
  }
}

declare function describe(title: string, body: () => void): void;
declare function it(title: string, body: () => Promise<void> | void): void;
declare function before(body: () => Promise<void> | void): void;
declare function after(body: () => Promise<void> | void): void;
declare function beforeEach(body: () => Promise<void> | void): void;
declare function afterEach(body: () => Promise<void> | void): void;

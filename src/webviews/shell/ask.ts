/** Waits for what the host was asked; a refusal is shown, nothing is lost, and the answer is undefined. */
export type Ask = <T>(request: Promise<T>) => Promise<T | undefined>;

/** An `Ask` that gives the words of a refusal to `complain`. */
export function askWith(complain: (message: string) => void): Ask {
  return async (request) => {
    try {
      return await request;
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
}

export function packageVsix(target?: string): string;

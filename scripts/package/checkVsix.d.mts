export function checkVsix(path: string, target: string): string[];

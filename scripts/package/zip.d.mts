export interface ZipFile {
  readonly size: number;
  read(): Buffer;
}
export function openZip(path: string): ReadonlyMap<string, ZipFile>;

/** A region as Azure names it in ids: `West Europe`, `westeurope` and `WestEurope` are `westeurope`. */
export function toRegion(text: string): string {
  return text.toLowerCase().replaceAll(/\s/g, '');
}

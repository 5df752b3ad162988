export const FLOORS: readonly (readonly string[])[];
/** What a folder may import, as CONTRIBUTING.md says it. */
export function mayImportInWords(folder: string): string;

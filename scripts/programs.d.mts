/** The directory in the user's cache for programs of one kind, of one version. */
export function cacheDirectory(kind: string, version: string): string;
export function isExecutable(path: string): boolean;

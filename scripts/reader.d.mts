export function executableReader(): Promise<{ reader: string } | { missing: string }>;

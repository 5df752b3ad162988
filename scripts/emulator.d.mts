export function arm64Emulator(): Promise<{ command: string[] } | { missing: string }>;

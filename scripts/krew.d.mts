export function krewTools(): Promise<{ krew: string; validator: string } | { missing: string }>;

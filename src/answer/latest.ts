import type { GrantRef } from './refs.ts';

/** When a grant was last changed: its binding or its role. RFC 3339 in UTC sorts as text. */
export const latest = ({ binding, role }: Pick<GrantRef, 'binding' | 'role'>): string | null =>
  binding.changed === null || (role.changed !== null && role.changed > binding.changed)
    ? role.changed
    : binding.changed;

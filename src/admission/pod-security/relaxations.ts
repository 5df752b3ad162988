import type { PodView } from './pod.ts';

/** Windows has none of what the checks of Linux settings ask for. From policy 1.25 on. */
export const isWindows = ({ os }: PodView): boolean => os === 'windows';

/**
 * Root inside a user namespace of the pod's own is nobody outside of it. From policy 1.35 on. Mirrors
 * pod-security-admission policy/helpers.go.
 */
export const hasOwnUsers = ({ hostUsers }: PodView): boolean => hostUsers === false;

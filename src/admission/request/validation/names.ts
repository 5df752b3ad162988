import { invalid, type Problem } from './problem.ts';

/**
 * Validates a DNS label. Mirrors apimachinery pkg/util/validation/validation.go: a wrong character is reported with the
 * pattern, and a wrong length by itself.
 */
export function dnsLabel(field: string, value: string): Problem[] {
  const long = value.length > 63 ? [invalid(field, value, 'must be no more than 63 characters')] : [];
  if (isLabel(value)) return long;
  return [...long, invalid(field, value, value.split('.').every(isLabel) ? 'must not contain dots' : LABEL_MESSAGE)];
}

/** Validates labels that are joined by dots. */
export function dnsSubdomain(field: string, value: string): Problem[] {
  const long = value.length > 253 ? [invalid(field, value, 'must be no more than 253 characters')] : [];
  return value.split('.').every(isLabel) ? long : [...long, invalid(field, value, SUBDOMAIN_MESSAGE)];
}

/**
 * Validates the name of a port: at most 15 letters, digits and single hyphens between them, with at least one letter.
 */
export function portName(field: string, value: string): Problem[] {
  const rules: [broken: boolean, message: string][] = [
    [value.length > 15, 'must be no more than 15 characters'],
    [!/^[-a-z0-9]+$/.test(value), 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'],
    [!/[a-z]/.test(value), 'must contain at least one letter (a-z)'],
    [value.includes('--'), 'must not contain consecutive hyphens'],
    [value.startsWith('-') || value.endsWith('-'), 'must not begin or end with a hyphen'],
  ];
  return rules.flatMap(([broken, message]) => (broken ? [invalid(field, value, message)] : []));
}

export const portNumber = (field: string, value: number): Problem[] => within(field, value, 1, 65_535);

/** Validates the id of a user or a group. */
export const userId = (field: string, value: number): Problem[] => within(field, value, 0, 2 ** 31 - 1);

function within(field: string, value: number, lowest: number, highest: number): Problem[] {
  if (value >= lowest && value <= highest) return [];
  return [invalid(field, value, `must be between ${lowest} and ${highest}, inclusive`)];
}

/** Validates that a path is relative and has no `..`. */
export function descendingPath(field: string, path: string): Problem[] {
  return [
    ...(path.startsWith('/') ? [invalid(field, path, 'must be a relative path')] : []),
    ...withoutBacksteps(field, path),
  ];
}

export const withoutBacksteps = (field: string, path: string): Problem[] =>
  path.split('/').includes('..') ? [invalid(field, path, "must not contain '..'")] : [];

const isLabel = (value: string): boolean => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value);

const ENDS = 'and must start and end with an alphanumeric character';
const LABEL_MESSAGE =
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${ENDS} ` +
  "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_MESSAGE =
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${ENDS} ` +
  "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

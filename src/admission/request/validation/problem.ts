import { goQuote } from '../../../answer/go-quote.ts';
import { joinQuote } from '../../pod-security/words.ts';

/** One problem of an object. The server reports it as `${field}: ${message}`. */
export interface Problem {
  /** The path of the field: `spec.containers[0].image`. */
  field: string;
  /** The message: `Required value`, `Invalid value: "a b": must not …`. */
  message: string;
}

/** The problem that a field is missing. Mirrors apimachinery pkg/util/validation/field/errors.go. */
export const required = (field: string, detail = ''): Problem => problem(field, 'Required value', detail);
export const forbidden = (field: string, detail: string): Problem => problem(field, 'Forbidden', detail);
export const tooLong = (field: string, longest: number): Problem =>
  problem(field, 'Too long', `may not be more than ${longest} bytes`);
export const invalid = (field: string, value: unknown, detail: string): Problem =>
  problem(field, `Invalid value: ${shown(value)}`, detail);
export const duplicate = (field: string, value: unknown): Problem =>
  problem(field, `Duplicate value: ${shown(value)}`, '');
export const notFound = (field: string, value: unknown): Problem => problem(field, `Not found: ${shown(value)}`, '');
export const notSupported = (field: string, value: unknown, supported: readonly string[]): Problem =>
  problem(field, `Unsupported value: ${shown(value)}`, `supported values: ${joinQuote(supported)}`);

/** Validates that a value is one of several, or is missing where that is allowed. */
export function oneOf(field: string, value: string | null, supported: readonly string[]): Problem[] {
  return value === null || supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

const problem = (field: string, what: string, detail: string): Problem => ({
  field,
  message: detail === '' ? what : `${what}: ${detail}`,
});

const shown = (value: unknown): string => (typeof value === 'string' ? goQuote(value) : JSON.stringify(value));

import { UserError } from '../../answer/user-error.ts';
import { Malformed } from '../../world/raw.ts';
import { ParseError } from './parse-error.ts';
import { fileError } from './paths.ts';
import { Empty } from './pieces.ts';

/** The error for a user where a file cannot be read as a whole; any other error unchanged. */
export function inputError(name: string, error: unknown): unknown {
  if (error instanceof Empty) return new UserError(`error: ${name} is empty`);
  if (error instanceof ParseError)
    return new UserError(`error: error parsing ${name}: line ${error.line}: ${error.message}`);
  if (error instanceof Malformed) return new UserError(`error: error parsing ${name}: ${error.message}`);
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
    return new UserError(`error: error parsing ${name}: gzip: ${error.message}`);
  return fileError(name, error);
}

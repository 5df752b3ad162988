/**
 * In the bundle, in place of the package of that name, whose tables of emoji cost 20 ms at each start. It is told our
 * own help, in ASCII, and the line beside the spinner, where a wide character in the name of a context makes no harm.
 * Escape sequences take no columns.
 */
import { stripVTControlCharacters } from 'node:util';

export default (text) => stripVTControlCharacters(text).length;

/**
 * In the bundle, in place of the package of that name, which takes yargs' texts in other languages from a folder near
 * its own file. The executable has no such folder, and would read what lies two folders above wherever somebody has put
 * it. Ours are the texts of yargs itself, in English.
 */
import { format } from 'node:util';

export default () => ({
  __: format,
  __n(one, other, quantity, ...values) {
    const text = quantity === 1 ? one : other;
    return format(text, ...(text.includes('%d') ? [quantity] : []), ...values);
  },
  getLocale: () => 'en_US',
  setLocale() {},
  updateLocale() {},
});

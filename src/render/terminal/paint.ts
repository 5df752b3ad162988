import { styleText } from 'node:util';
import type { Truth } from '../../answer/verdict.ts';
import type { Printable } from './printable.ts';

type Style = Truth | 'heading' | 'faint';

/**
 * Colours by meaning: yes is what an attacker wants. The words say the same, so that nothing is lost without colour.
 */
export type Paint = (style: Style, text: Printable) => Printable;

export const painter =
  (color: boolean): Paint =>
  (style, text) =>
    color ? text.styled((plain) => styleText(STYLES[style], plain, { validateStream: false })) : text;

const STYLES = { yes: 'red', no: 'green', depends: 'yellow', heading: 'bold', faint: 'dim' } as const;

/**
 * Control, format, unassigned and private characters, lone surrogates, spaces other than the plain one, and all that
 * Unicode lets a terminal ignore: bidi controls, zero widths, variation selectors, fillers, tags. U+2800 is an empty
 * braille pattern.
 */
export const UNSAFE = /[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ ]]/gv;

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Software of others that the executable contains. */
export interface Package {
  name: string;
  version: string;
  /** As SPDX spells it. */
  license: string;
  /** The whole texts of its licence and its notices, by file. */
  texts: { file: string; text: string }[];
}

/**
 * The licences that what is distributed under Apache-2.0 may contain, and why. Another one is a decision, not an
 * accident: the build fails.
 */
const COMPATIBLE: Readonly<Record<string, string>> = {
  MIT: 'asks only that its text and the copyright go along',
  ISC: 'asks only that its text and the copyright go along',
  'BSD-2-Clause': 'asks only that its text and the copyright go along',
  'BSD-3-Clause': 'asks the same, and that its authors are not named in advertising',
  'Apache-2.0': 'is our own; notices have to go along too',
};

/** The package in a folder of node_modules. Throws where it may not be given away, or nobody can tell. */
export function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!Object.hasOwn(COMPATIBLE, license))
    throw new Error(
      `${name} ${version}: the licence ${JSON.stringify(license)} is not among those that may be in the executable`,
    );
  const texts = readdirSync(folder)
    .filter((file) => TEXT.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
  if (!texts.some(({ file, text }) => !NOTICE.test(file) && text.trim() !== ''))
    throw new Error(`${name} ${version}: there is no text of its licence`);
  return { name, version, license, texts };
}

const TEXT = /^(licen[cs]e|copying|notice)\b/i;
const NOTICE = /^notice\b/i;

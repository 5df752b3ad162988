import type { Package } from './package.ts';

/** The file that goes along with the executable: whose software is in it, and under which licences, word for word. */
export function thirdPartyText(packages: readonly Package[]): string {
  const list = packages.map(({ name, version, license }) => `  ${name} ${version}, ${license}\n`);
  return [`${INTRODUCTION}\n\n${list.join('')}`, ...packages.map(sectionOf)].join('\n');
}

const INTRODUCTION = `kubectl-whocan_escalate is licensed under the Apache License 2.0: see LICENSE, beside this file.
It contains software of others, under the licences below:`;

/** Everything about one. */
function sectionOf({ name, version, license, texts }: Package): string {
  const title = `${RULE}\n${name} ${version}\nLicence: ${license}\n`;
  return [title, ...texts.map(({ file, text }) => `--- ${file}\n\n${text.trimEnd()}\n`)].join('\n');
}

const RULE = '='.repeat(80);

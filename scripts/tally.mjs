/**
 * A reporter for node:test that ends in one JSON object: how many tests passed, failed and were skipped, why, and the
 * lines of each file that ran. scripts/test.mjs adds these up over the tiers.
 */
export default async function* tally(events) {
  const total = { passed: 0, failed: 0, skipped: 0, reasons: [], files: [] };
  for await (const { type, data } of events) {
    if (type === 'test:pass' && data.skip)
      total.reasons.push(data.skip === true ? data.name : `${data.name}: ${data.skip}`);
    if (type === 'test:coverage') total.files = data.summary.files.map(lines);
    if (type === 'test:summary' && !data.file) Object.assign(total, counts(data.counts));
  }
  yield JSON.stringify(total);
}

function counts({ tests, passed, skipped, todo }) {
  return { passed, skipped, failed: tests - passed - skipped - todo };
}

function lines({ path, totalLineCount, coveredLineCount }) {
  return { path, lines: totalLineCount, covered: coveredLineCount };
}

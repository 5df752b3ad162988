/**
 * Loaded before each test file: stops counting lines where nobody asks for them (scripts/covered.mjs), here and in what
 * the tests start.
 */
import { stopCoverage } from 'node:v8';
import { isCovered } from './covered.mjs';

if (process.env.NODE_V8_COVERAGE && !isCovered(process.argv[1] ?? '')) {
  stopCoverage();
  delete process.env.NODE_V8_COVERAGE;
}

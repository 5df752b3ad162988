import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { admits } from '../../../src/admission/layers.ts';
import { KYVERNO_ROWS } from './kyverno-rows.ts';
import { ROWS, wordsOf } from './rows.ts';

describe('what mutates comes before what validates', () => {
  for (const { why, world, request, verdict, says } of [...ROWS, ...KYVERNO_ROWS]) {
    test(why, () => {
      const before = JSON.stringify(request);
      const admission = admits(request, world);
      assert.equal(wordsOf(admission), verdict, JSON.stringify(admission));
      if (says) assert.match(JSON.stringify([admission.unknowns, admission.evidence]), says);
      assert.equal(JSON.stringify(request), before, 'the request stays as it is');
    });
  }
});

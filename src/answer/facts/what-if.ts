import type { SubjectRef } from '../refs.ts';
import type { Leaning, Truth } from '../verdict.ts';

/** What `--with` and `--without` add to an answer, which is about the cluster as it would be. */
export interface WhatIfAnswerFacts<Finding> {
  whatIf?: Supposition<Finding>;
}

/** The change that is assumed, and how the answer differs from that about the cluster as it is. */
export interface Supposition<Finding> {
  /** The objects that would be applied: `RoleBinding/shop/web`. */
  with: string[];
  /** The objects that would be deleted. */
  without: string[];
  /** What controllers do about the change, and what outlives it. */
  notes: string[];
  /** The answer as it is; null where there is none, because the target does not exist yet. */
  before: { verdict: Truth; leaning: Leaning; summary: string } | null;
  /** Why there is none; null where there is one. */
  noAnswerBefore: string | null;
  /** The findings that come, and those that go. */
  added: Finding[];
  removed: Finding[];
  /** The findings of one thing that differ. */
  changed: { before: Finding; after: Finding }[];
  /** Of `reach`: who comes to have the goal from the beginning, and who has it no more. */
  held: { added: SubjectRef[]; removed: SubjectRef[] };
  /** Of `pod`: what differs on the card besides findings. */
  facts: { what: string; before: string | null; after: string | null }[];
}

import type { EvidenceStep, Finding } from '../answer/answer.ts';
import type { SharedParts, SpawnFacts } from '../answer/facts/privileged.ts';
import type { GrantRef, SubjectRef } from '../answer/refs.ts';

/**
 * Findings of `privileged` without what others have as well: that is kept once, by a name, as `Answer.shared` describes
 * it. Of thousands of subjects whose pods come to the same in the same hundreds of namespaces each is a line then.
 */
export class Sharing {
  readonly #names = new Map<string, string>();

  /** The finding as it is written: what is its own, and the names of the rest. */
  line({ id, verdict, subject, object, scope, spawn, evidence, ...words }: Finding): object {
    const place = { object, scope, ...(spawn ? { spawn: this.#spawn(spawn) } : {}) };
    const same = [this.#name(words), this.#name(place), this.#name(this.#evidence(evidence, subject))];
    return { id, verdict, subject, same };
  }

  /** What was named so far, an entry a line. */
  *entries(): Generator<string> {
    for (const [content, name] of this.#names) yield `${JSON.stringify(name)}: ${content}`;
  }

  #spawn({ namespaces, ...facts }: SpawnFacts): SharedParts {
    return { same: [this.#name(facts), this.#name({ namespaces })] };
  }

  #evidence(evidence: readonly EvidenceStep[], subject: SubjectRef): object {
    return { evidence: evidence.map((step) => this.#step(step, subject)) };
  }

  /** A command names the subject, and would be another one in each finding. */
  #step({ grants, identity, uses, ...step }: EvidenceStep, subject: SubjectRef): object {
    const { command: _, attack: __, ...words } = step;
    return {
      same: [this.#name({ ...words, command: null })],
      ...(isSame(identity, subject) ? {} : { identity }),
      ...(uses.length > 0 ? { uses } : {}),
      grants: grants.map((grant) => this.#grant(grant, subject)),
    };
  }

  #grant({ subject: entry, binding, ...rule }: GrantRef, subject: SubjectRef): object {
    const same = [this.#name({ same: [this.#name(rule)], binding })];
    return isSame(entry, subject) ? { same } : { same, subject: entry };
  }

  #name(part: object): string {
    const content = JSON.stringify(part);
    const known = this.#names.get(content) ?? `s${this.#names.size + 1}`;
    this.#names.set(content, known);
    return known;
  }
}

type Named = Pick<SubjectRef, 'kind' | 'namespace' | 'name'>;

const isSame = (a: Named | null, b: Named): boolean =>
  a !== null && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

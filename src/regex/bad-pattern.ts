/** Thrown for a pattern that Go does not compile, with Go's message. */
export class BadPattern extends Error {}

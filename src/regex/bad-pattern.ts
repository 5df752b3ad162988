/** Go does not compile the pattern; the message is Go's. */
export class BadPattern extends Error {}

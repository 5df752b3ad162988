/** Thrown for bytes that are not the expected protobuf. */
export class Broken extends Error {}

/** Bytes that are not the protobuf that they should be. */
export class Broken extends Error {}

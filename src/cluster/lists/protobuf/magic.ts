/** The first bytes of everything that API servers send as protobuf. */
export const MAGIC = Buffer.from('k8s\0');

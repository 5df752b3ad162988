/** What API servers send in protobuf begins with it. */
export const MAGIC = Buffer.from('k8s\0');

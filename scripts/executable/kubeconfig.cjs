// A kubeconfig as tools write it, in blocks, in quotes and in braces, for a server on that port.
const { rootCertificates } = require('node:tls');

const [certificate] = rootCertificates;

exports.kubeconfigOf = (port) => `apiVersion: v1
kind: Config
# Written by a tool.
current-context: plain
preferences: {}
clusters:
- cluster: {"server": "http://127.0.0.1:${port}"}
  name: plain
- cluster:
    certificate-authority-data: ${Buffer.from(certificate).toString('base64')}
    server: https://127.0.0.1:${port}
  name: tls
contexts:
- context: {"cluster": "plain", "user": "jane", "namespace": "default"}
  name: plain
- context:
    cluster: tls
    user: jane
  name: tls
users:
- name: jane
  user:
    token: 'c2VjcmV0'
`;

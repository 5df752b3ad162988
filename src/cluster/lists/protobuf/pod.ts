import {
  boolean,
  inline,
  integer,
  map,
  object,
  objects,
  optionalText,
  type Schema,
  schema,
  text,
  texts,
  time,
} from './schema.ts';

/**
 * The fields of a pod that its reduction reads. Numbers and types: k8s.io/api/core/v1/generated.proto and
 * k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto. Which messages are embedded, and which empty values JSON leaves
 * out: types.go in the same folders.
 */
const NOTHING = schema({});

const OWNER = schema({ 1: text('kind'), 3: text('name'), 5: text('apiVersion'), 6: boolean('controller') });

const METADATA = schema({
  1: optionalText('name'),
  3: optionalText('namespace'),
  8: time('creationTimestamp'),
  9: time('deletionTimestamp'),
  11: map('labels'),
  12: map('annotations'),
  13: objects('ownerReferences', OWNER),
});

const PROFILE = schema({ 1: text('type'), 2: optionalText('localhostProfile') });
const SE_LINUX = schema({ 3: optionalText('type') });
const WINDOWS = schema({ 4: boolean('hostProcess') });

const POD_CONTEXT = schema({
  1: object('seLinuxOptions', SE_LINUX),
  2: integer('runAsUser'),
  3: boolean('runAsNonRoot'),
  7: objects('sysctls', schema({ 1: text('name') })),
  8: object('windowsOptions', WINDOWS),
  10: object('seccompProfile', PROFILE),
  11: object('appArmorProfile', PROFILE),
});

const CONTEXT = schema({
  1: object('capabilities', schema({ 1: texts('add'), 2: texts('drop') })),
  2: boolean('privileged'),
  3: object('seLinuxOptions', SE_LINUX),
  4: integer('runAsUser'),
  5: boolean('runAsNonRoot'),
  6: boolean('readOnlyRootFilesystem'),
  7: boolean('allowPrivilegeEscalation'),
  9: optionalText('procMount'),
  10: object('windowsOptions', WINDOWS),
  11: object('seccompProfile', PROFILE),
  12: object('appArmorProfile', PROFILE),
});

const REFERENCE = schema({ 1: optionalText('name') });
const HANDLER = {
  2: object('httpGet', schema({ 3: optionalText('host') })),
  3: object('tcpSocket', schema({ 2: optionalText('host') })),
};
const PROBE = schema({ 1: inline(schema(HANDLER)) });
const SECRET = schema({ 1: inline(REFERENCE) });

const CONTAINER = schema({
  1: text('name'),
  3: texts('command'),
  4: texts('args'),
  6: objects('ports', schema({ 2: integer('hostPort') })),
  7: objects('env', schema({ 3: object('valueFrom', schema({ 4: object('secretKeyRef', SECRET) })) })),
  9: objects(
    'volumeMounts',
    schema({
      1: text('name'),
      2: boolean('readOnly'),
      3: text('mountPath'),
      4: optionalText('subPath'),
      6: optionalText('subPathExpr'),
      7: optionalText('recursiveReadOnly'),
    }),
  ),
  10: object('livenessProbe', PROBE),
  11: object('readinessProbe', PROBE),
  12: object('lifecycle', schema({ 1: object('postStart', schema(HANDLER)), 2: object('preStop', schema(HANDLER)) })),
  15: object('securityContext', CONTEXT),
  19: objects('envFrom', schema({ 3: object('secretRef', SECRET) })),
  21: objects('volumeDevices', schema({ 1: text('name'), 2: text('devicePath') })),
  22: object('startupProbe', PROBE),
  24: optionalText('restartPolicy'),
  25: objects('restartPolicyRules', NOTHING),
});

const TOKEN_SOURCE = schema({ 4: object('serviceAccountToken', NOTHING) });

const VOLUME = schema({
  1: object('hostPath', schema({ 1: text('path'), 2: optionalText('type') })),
  5: object('gitRepo', schema({ 1: text('repository') })),
  6: object('secret', schema({ 1: optionalText('secretName') })),
  10: object('persistentVolumeClaim', schema({ 1: text('claimName'), 2: boolean('readOnly') })),
  12: object('flexVolume', schema({ 1: text('driver') })),
  26: object('projected', schema({ 1: objects('sources', TOKEN_SOURCE) })),
  28: object('csi', schema({ 1: text('driver') })),
  29: object('ephemeral', NOTHING),
  30: object('image', schema({ 1: optionalText('reference') })),
});

const SPEC = schema({
  1: objects('volumes', schema({ 1: text('name'), 2: inline(VOLUME) })),
  2: objects('containers', CONTAINER),
  3: optionalText('restartPolicy'),
  7: map('nodeSelector'),
  8: optionalText('serviceAccountName'),
  9: optionalText('serviceAccount'),
  10: optionalText('nodeName'),
  11: boolean('hostNetwork'),
  12: boolean('hostPID'),
  13: boolean('hostIPC'),
  14: object('securityContext', POD_CONTEXT),
  20: objects('initContainers', CONTAINER),
  27: boolean('shareProcessNamespace'),
  29: optionalText('runtimeClassName'),
  34: objects('ephemeralContainers', schema({ 1: inline(CONTAINER) })),
  36: object('os', schema({ 1: text('name') })),
  37: boolean('hostUsers'),
});

const STATE = schema({
  1: object('waiting', NOTHING),
  2: object('running', NOTHING),
  3: object('terminated', schema({ 1: integer('exitCode') })),
});

const STATUS = schema({
  1: text('name'),
  2: object('state', STATE),
  13: object('user', schema({ 1: object('linux', schema({ 1: integer('uid') })) })),
});

export const POD: Schema = schema({
  1: object('metadata', METADATA),
  2: object('spec', SPEC),
  3: object(
    'status',
    schema({
      1: optionalText('phase'),
      8: objects('containerStatuses', STATUS),
      10: objects('initContainerStatuses', STATUS),
      13: objects('ephemeralContainerStatuses', STATUS),
    }),
  ),
});

import type { Technique } from '../technique.ts';
import { admissionMutate } from './admission-mutate.ts';
import { awsAuth } from './aws-auth.ts';
import { csrApprove } from './csr-approve.ts';
import { controllerAsDeputy } from './deputies/index.ts';
import { everything } from './everything.ts';
import { impersonateAccount } from './impersonate-sa.ts';
import { impersonateUser } from './impersonate-user.ts';
import { nodeProxy } from './node-proxy.ts';
import { nodeRoot } from './node-root.ts';
import { podAttach } from './pod-attach.ts';
import { podEphemeralContainer, podImageSwap } from './pod-change.ts';
import { containerEscape, podToken } from './pod-contents.ts';
import { podExec } from './pod-exec.ts';
import { privilegedPod } from './pod-privileged.ts';
import { rbacBind } from './rbac-bind.ts';
import { rbacRoleBind } from './rbac-role-bind.ts';
import { rbacRoleWrite } from './rbac-role-write.ts';
import { tokenRequest } from './sa-token-request.ts';
import { secretRead } from './secret-read.ts';
import { spawnPod } from './spawn-pod.ts';
import { tokenSecretRead, tokenSecretRetarget } from './token-secret.ts';
import { tokenSecretCreate } from './token-secret-create.ts';

/** Every technique. The order decides between proofs of the same length. */
export const TECHNIQUES: readonly Technique[] = [
  ...[
    everything,
    tokenRequest,
    impersonateAccount,
    impersonateUser,
    tokenSecretCreate,
    tokenSecretRetarget,
    tokenSecretRead,
    csrApprove,
  ],
  ...[rbacBind, rbacRoleWrite, rbacRoleBind],
  ...[spawnPod, podExec, podEphemeralContainer, podImageSwap, podAttach, podToken, secretRead],
  ...[containerEscape, nodeProxy, nodeRoot],
  ...[admissionMutate, awsAuth, controllerAsDeputy, privilegedPod],
];

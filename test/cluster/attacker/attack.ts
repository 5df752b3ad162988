import type { ControlPlane } from '../../helpers/control-plane.ts';
import { accountIdentity, type Credential, type Identity, tokenCredential } from './credentials.ts';
import { ACCOUNT_ANNOTATION, TOKEN_TYPE } from './grants.ts';
import { ANYTHING_REVIEW } from './reviews.ts';
import type { AttackStage } from './stage.ts';
import { filledToken, objectPath } from './stage.ts';
import {
  type Account,
  type AttackWorld,
  accountKey,
  type BindingManifest,
  isBinding,
  isRole,
  type Manifest,
  type Names,
  namesOf,
  type RbacRule,
  type RbacSubject,
  type RoleManifest,
  secretKey,
  universe,
} from './world.ts';

/** A Secret that can be read or changed. Those that the attack itself has created are no gain of their own. */
export interface KnownSecret extends Account {
  /** Whose token it holds; null where it is no token Secret. */
  account: string | null;
}

/** A request for a certificate that the attack has created. */
export interface PendingCertificate {
  object: Manifest;
  identity: Identity;
  groups: readonly string[];
  key: string;
  isIssued: boolean;
  isFetched: boolean;
}

/** What an attack knows, holds and has gained. It knows every name in the world, but acts only by its credentials. */
export class Attack {
  readonly stage: AttackStage;
  readonly plane: ControlPlane;
  readonly world: AttackWorld;
  readonly names: Names;
  /** What was gained, each with the action that gained it first. */
  readonly gains = new Map<string, string>();
  readonly credentials = new Map<string, Credential>();
  /** Where things can be done: the world's namespaces and that of the controllers. */
  readonly namespaces: string[];
  readonly accounts: Account[];
  readonly secrets: KnownSecret[];
  readonly readSecrets = new Set<string>();
  readonly roles: Map<string, RoleManifest>;
  readonly bindings: Map<string, BindingManifest>;
  readonly certificates: PendingCertificate[] = [];
  /** Grows whenever there is something new to try. */
  version = 0;
  /** Successes that need no repetition. */
  readonly done = new Set<string>();
  /** The paths of roles and bindings that were made under a given name, which nothing else can have then. */
  readonly madeByName = new Set<string>();
  /** What was bound under new names, to everybody who was held: what tells it from other bindings, and the binding. */
  readonly bound = new Map<string, BindingManifest>();
  /** The actions that have changed or gained anything. */
  readonly useful = new Set<string>();
  /** How many choices were made, and whether that was all of them. */
  choices = 0;
  isComplete = true;
  readonly #universe: Set<string>;
  readonly #upstream: Set<string>;
  readonly #closing: (() => void)[] = [];
  /** Whether there are roles or bindings that the authorizer may not have seen yet. */
  #wrote = false;
  #fresh = 0;
  #writes = 0;

  constructor(stage: AttackStage, world: AttackWorld) {
    this.stage = stage;
    this.plane = stage.plane;
    this.world = world;
    this.names = namesOf(world);
    this.#universe = universe(world);
    this.#upstream = new Set(stage.upstream.map(objectPath));
    this.namespaces = [...this.names.namespaces, SYSTEM];
    this.accounts = [...this.names.accounts, STRONG_ACCOUNT];
    this.secrets = world.objects
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata, type }) => ({
        ...{ namespace: metadata.namespace ?? '', name: metadata.name },
        account: type === TOKEN_TYPE ? (metadata.annotations?.[ACCOUNT_ANNOTATION] ?? null) : null,
      }));
    const keyed = <T extends Manifest>(objects: T[]) => new Map(objects.map((object) => [objectPath(object), object]));
    this.roles = keyed(world.objects.filter(isRole));
    this.bindings = keyed(world.objects.filter(isBinding));
  }

  /** A name that nothing has yet. */
  freshName(): string {
    this.#fresh += 1;
    return `${this.world.prefix}-new-${this.#fresh}`;
  }

  gain(action: string, key: string): void {
    if (this.#universe.has(key) && !this.gains.has(key)) this.gains.set(key, action);
  }

  /** Keeps a credential, unless one that is worth as much is held already. */
  hold(action: string, credential: Credential & { close?(): void }): void {
    if (credential.close) this.#closing.push(credential.close);
    this.gain(action, credential.identity.key);
    const { id, identity } = credential;
    if (this.credentials.has(id) || (id === `${identity.key} impersonated` && this.holdsToken(identity.key))) return;
    this.credentials.set(id, credential);
    this.version += 1;
  }

  holdsToken(key: string): boolean {
    return this.credentials.has(key);
  }

  /** Everybody whom the attack can make requests as, as bindings name them. */
  heldSubjects(): RbacSubject[] {
    return [
      ...new Map([...this.credentials.values()].map(({ identity }) => [identity.key, identity.subject])).values(),
    ];
  }

  accountsIn(namespace: string): string[] {
    return this.accounts.filter((account) => account.namespace === namespace).map(({ name }) => name);
  }

  /** Whether there is such a role or binding, of the world, of the attack or of the server itself. */
  exists(object: Manifest): boolean {
    const path = objectPath(object);
    return this.roles.has(path) || this.bindings.has(path) || this.#upstream.has(path);
  }

  /** Differs whenever something has been gained, changed or found. */
  progress(): string {
    return [this.version, this.gains.size, this.credentials.size, this.readSecrets.size, this.#writes].join();
  }

  /** What is in the hands of somebody who runs a pod as this account: the kubelet's part, played by the administrator. */
  async runAs(action: string, account: Account): Promise<void> {
    if (this.holdsToken(accountKey(account))) return;
    const { status, body } = await this.plane.request('POST', `${accountPath(account)}/token`, TOKEN_REQUEST);
    if (status === 201) this.holdToken(action, account, (body as TokenReply).status.token);
  }

  holdToken(action: string, account: Account, token: string): void {
    if (!this.holdsToken(accountKey(account)))
      this.hold(action, tokenCredential(this.plane, accountIdentity(account), token));
  }

  /** The content of a Secret was seen, in an answer of the server or in a pod. */
  async seeSecret(action: string, secret: KnownSecret, token?: string): Promise<void> {
    this.readSecrets.add(secretKey(secret.namespace, secret.name));
    this.gain(action, secretKey(secret.namespace, secret.name));
    if (secret.account === null || this.holdsToken(accountKey({ ...secret, name: secret.account }))) return;
    const content = token ?? (await filledToken(this.plane, secretPath(secret)));
    if (content !== null) await this.seeToken(action, { namespace: secret.namespace, name: secret.account }, content);
  }

  /**
   * A token that a Secret holds was seen. It dies with the Secret, and when the Secret is pointed at somebody else, which
   * the attack does to try one way after the other; so one that works is replaced by one that stays.
   */
  async seeToken(action: string, account: Account, token: string): Promise<void> {
    const seen = tokenCredential(this.plane, accountIdentity(account), token);
    const { path, body } = ANYTHING_REVIEW;
    if ((await seen.send('POST', path, body)).status === 201) await this.runAs(action, account);
  }

  /** Keeps a role that was written. */
  wroteRole(role: RoleManifest): void {
    this.roles.set(objectPath(role), role);
    this.wroteRbac();
    this.version += 1;
  }

  removedRole(role: RoleManifest): void {
    this.roles.delete(objectPath(role));
    this.wroteRbac();
    this.version += 1;
  }

  wroteBinding(binding: BindingManifest): void {
    this.bindings.set(objectPath(binding), binding);
    this.wroteRbac();
  }

  /** The authorizer has to follow before anything else is tried. */
  wroteRbac(): void {
    this.#wrote = true;
    this.#writes += 1;
  }

  /** Waits until the controller and the authorizer have followed what was written. */
  async settle(): Promise<void> {
    if (!this.#wrote) return;
    this.#wrote = false;
    await this.stage.settle();
  }

  close(): void {
    for (const close of this.#closing) close();
  }
}

/** What somebody may do, as the server lists it for each namespace; and in the whole cluster, under the empty name. */
export type Rights = ReadonlyMap<string, RbacRule[]>;

/** One thing that an attacker tries with a credential. */
export interface Action {
  name: string;
  /** Nothing is tried where the credential has no rule on any of these resources. */
  resources: readonly string[];
  run(attack: Attack, credential: Credential, rights: Rights): Promise<void>;
}

export const accountPath = ({ namespace, name }: Account): string =>
  `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
export const secretPath = ({ namespace, name }: Account): string => `/api/v1/namespaces/${namespace}/secrets/${name}`;

export const TOKEN_REQUEST = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
export type TokenReply = { status: { token: string } };

const SYSTEM = 'kube-system';
/** The one of the server's own accounts that matters: it may `escalate` clusterroles. */
export const STRONG_ACCOUNT: Account = { namespace: SYSTEM, name: 'clusterrole-aggregation-controller' };
/** Whom the server's own binding lets request a token of every account. */
export const STRONG_USER = 'system:kube-controller-manager';

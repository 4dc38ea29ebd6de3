import { createHash, createPrivateKey, webcrypto, X509Certificate, type KeyObject } from 'node:crypto';
import type { AuthorizationServer, Client, ClientAuth, PrivateKey } from 'oauth4webapi';

/** How a client shows who it is (RFC 6749, 2.3; RFC 7521, 4.2). */
export type Proof =
  | { readonly kind: 'none' }
  | { readonly kind: 'secret'; readonly secret: string; readonly by?: 'basic' | 'post' }
  /** PEM; a certificate in it is named by its thumbprint. */
  | { readonly kind: 'key'; readonly pem: string; readonly keyId?: string }
  /** Read each time: it runs out, too. */
  | { readonly kind: 'assertion'; readonly read: () => Promise<string> };

/** A client of an authorization server. */
export interface AuthorityClient {
  readonly self: Client;
  readonly authentication: ClientAuth;
  /** Sets the clock by which it signs, where it was refused and the server's is another (seconds ahead). False where that changes nothing. */
  setRight(error: unknown, ahead: number): boolean;
}

/** Seconds that clocks may differ without harm. */
const TOLERANCE = 10;

/** Makes the client. Throws, in words, where a key cannot be read. */
export async function clientOf(clientId: string, proof: Proof, server: AuthorizationServer): Promise<AuthorityClient> {
  const { clockSkew } = await import('oauth4webapi');
  const self: Client & { [clockSkew]?: number } = { client_id: clientId };
  return {
    self,
    authentication: await authenticationOf(proof, server),
    setRight(error, ahead) {
      const isRefused = (error as { readonly error?: unknown } | undefined)?.error === 'invalid_client';
      if (proof.kind !== 'key' || !isRefused || Math.abs(ahead - (self[clockSkew] ?? 0)) < TOLERANCE) return false;
      self[clockSkew] = ahead;
      return true;
    },
  };
}

async function authenticationOf(proof: Proof, server: AuthorizationServer): Promise<ClientAuth> {
  const { ClientSecretBasic, ClientSecretPost, modifyAssertion, None, PrivateKeyJwt } = await import('oauth4webapi');
  switch (proof.kind) {
    case 'none':
      return None();
    case 'secret': {
      const offered = server.token_endpoint_auth_methods_supported ?? [];
      const onlyPost = offered.includes('client_secret_post') && !offered.includes('client_secret_basic');
      const by = proof.by ?? (onlyPost ? 'post' : 'basic');
      return by === 'post' ? ClientSecretPost(proof.secret) : ClientSecretBasic(proof.secret);
    }
    case 'key':
      return PrivateKeyJwt(await signingKey(proof), {
        [modifyAssertion]: (header: object) => Object.assign(header, thumbprintOf(proof.pem)),
      });
    case 'assertion':
      return async (_server, { client_id: id }, body) => {
        body.set('client_id', id);
        body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
        body.set('client_assertion', await proof.read());
      };
  }
}

async function signingKey({ pem, keyId }: Proof & { readonly kind: 'key' }): Promise<PrivateKey> {
  const key = readKey(pem);
  const algorithm = algorithmOf(key);
  const exported = key.export({ format: 'der', type: 'pkcs8' });
  const usable = await webcrypto.subtle.importKey('pkcs8', new Uint8Array(exported), algorithm, false, ['sign']);
  return { key: usable, ...(keyId === undefined ? {} : { kid: keyId }) };
}

function readKey(pem: string): KeyObject {
  // Environments often hold `\n` for line ends.
  const text = pem.replaceAll('\\n', '\n');
  const block = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[^]*?-----END \1PRIVATE KEY-----/.exec(text)?.[0];
  if (block === undefined) throw new TypeError('its private key is no PEM: there is no `-----BEGIN PRIVATE KEY-----`');
  if (/ENCRYPTED/.test(block)) throw new TypeError('its private key is encrypted, expected one without a passphrase');
  try {
    return createPrivateKey(block);
  } catch {
    // What the parser says may quote the key.
    throw new TypeError('its private key cannot be read');
  }
}

/** The algorithm that a key is meant for; of RSA the one that every server takes. */
function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): Algorithm {
  if (type === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as Algorithm;
  if (type === 'rsa-pss') return { name: 'RSA-PSS', hash: 'SHA-256' } as Algorithm;
  if (type === 'ed25519') return { name: 'Ed25519' };
  const curve = CURVES.get(details?.namedCurve ?? '');
  if (type === 'ec' && curve !== undefined) return { name: 'ECDSA', namedCurve: curve } as Algorithm;
  throw new TypeError(`its private key is of a kind that cannot sign: ${type ?? 'none'}`);
}

type Algorithm = Parameters<typeof webcrypto.subtle.importKey>[2];

const CURVES: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

/** `x5t#S256` of the certificate that lies beside the key (RFC 7515, 4.1.8), where there is one. */
function thumbprintOf(pem: string): Readonly<Record<string, string>> {
  const certificate = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(
    pem.replaceAll('\\n', '\n'),
  )?.[0];
  if (certificate === undefined) return {};
  const { raw } = new X509Certificate(certificate);
  return { 'x5t#S256': createHash('sha256').update(raw).digest('base64url') };
}

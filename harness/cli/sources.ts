import type { AuthConfig, NamedTarget, Values } from '../model/config.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { isLoopback } from '../replay/gate.ts';
import { canGenerate, GENERATED } from '../replay/flow/values.ts';
import { grantOf } from './account-sources.ts';

/** The values of a config as they are; a word that nothing can be generated of is a UsageError that names the nearest. */
export function checkedValues(values: Values, where: string): Values {
  for (const [name, source] of Object.entries(values)) {
    if (typeof source === 'string' || !('generate' in source) || canGenerate(source.generate)) continue;
    const near = didYouMean(source.generate, GENERATED);
    throw new UsageError(
      `\`${where}.${name}.generate\` says \`${source.generate}\`, of which nothing can be generated${near || `: ${GENERATED.join(', ')}`}`,
    );
  }
  return values;
}

/** The targets of a config as they are, their values and accounts checked. */
export function checkedTargets(targets: Readonly<Record<string, NamedTarget>>): Readonly<Record<string, NamedTarget>> {
  for (const [name, { values, auth, accounts }] of Object.entries(targets)) {
    const where = `targets.${name}`;
    checkedValues(values ?? {}, `${where}.values`);
    checkAuth(auth, `${where}.auth`);
    if (accounts === undefined) continue;
    if (auth !== undefined)
      throw new UsageError(`\`${where}\` says both \`auth\` and \`accounts\`; name that one an account, too`);
    for (const [account, { auth: own }] of Object.entries(accounts))
      checkAuth(own, `${where}.accounts.${account}.auth`);
  }
  return targets;
}

/** Refuses an account of OAuth that cannot be one, and servers that are spoken to in plain HTTP elsewhere than on this machine. */
function checkAuth(auth: AuthConfig | undefined, where: string): void {
  if (auth === undefined) return;
  const fail = (reason: string): never => {
    throw new UsageError(`\`${where}\` ${reason}`);
  };
  const url = (name: string, text: string | undefined): void => {
    if (text === undefined) return;
    const { protocol, username, password, search, hash } = URL.canParse(text) ? new URL(text) : new URL('none:');
    if (!/^https?:$/.test(protocol)) fail(`names an \`${name}\` that is no URL`);
    if (protocol === 'http:' && !isLoopback(text))
      fail(`names an \`${name}\` in plain HTTP; outside this machine it has to be https`);
    if (username + password + hash !== '' || (name === 'issuer' && search !== ''))
      fail(`names an \`${name}\` with more than host and path`);
  };
  if ('azure' in auth) return url('authority', auth.azure.authority);
  if (!('oauth' in auth)) return;
  const { oauth } = auth;
  const { issuer, tokenEndpoint, deviceEndpoint, clientSecret, privateKey, clientAssertion, refreshToken } = oauth;
  url('issuer', issuer);
  url('tokenEndpoint', tokenEndpoint);
  url('deviceEndpoint', deviceEndpoint);
  if ((issuer ?? tokenEndpoint) === undefined) fail('needs an `issuer` or a `tokenEndpoint`');
  const proofs = [clientSecret, privateKey, clientAssertion].filter((source) => source !== undefined).length;
  if (proofs > 1) fail('says more than one of `clientSecret`, `privateKey` and `clientAssertion`');
  const grant = grantOf(oauth);
  if (grant === 'clientCredentials' && proofs === 0)
    fail('asks with client credentials and needs a `clientSecret`, a `privateKey` or a `clientAssertion`');
  if (grant === 'refreshToken' && refreshToken === undefined)
    fail('asks with a refresh token and needs a `refreshToken`');
  const words = [oauth.user, oauth.password].filter((source) => source !== undefined).length;
  if (grant === 'password' && words < 2) fail('asks with a password and needs a `user` and a `password`');
  if (grant !== 'password' && words > 0) fail("names a `user` or a `password`, which only `grant: 'password'` sends");
  if (grant === 'deviceCode' && issuer === undefined && deviceEndpoint === undefined)
    fail('asks with a device code and needs an `issuer` or a `deviceEndpoint`');
}

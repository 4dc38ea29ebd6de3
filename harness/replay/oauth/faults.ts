/** Characters of what a server says that are told. */
const MOST_SAID = 300;

/** Why no token came, in words that go on from `account … could not authenticate:`. Answers are not quoted, but for what RFC 6749 (5.2) has them say. */
export async function faultOf(thrown: unknown, { asked }: { asked(): string }): Promise<Error> {
  if (thrown instanceof AuthorityFault) return thrown;
  return new AuthorityFault(await wordsOf(thrown, asked()), { cause: thrown });
}

/** What has been put into words already. */
class AuthorityFault extends Error {
  override readonly name = 'AuthorityFault';
}

async function wordsOf(thrown: unknown, url: string): Promise<string> {
  const oauth = await import('oauth4webapi');
  if (thrown instanceof oauth.ResponseBodyError) {
    const { error, error_description: description } = thrown;
    return `${url} refuses with \`${error.slice(0, MOST_SAID)}\`${description ? `: ${description.slice(0, MOST_SAID)}` : ''}`;
  }
  if (!(thrown instanceof Error)) return String(thrown);
  const { code, cause, message } = thrown as Error & { readonly code?: unknown };
  switch (code) {
    case oauth.RESPONSE_IS_NOT_CONFORM:
      return `${url} answered with status ${cause instanceof Response ? cause.status : 'unknown'}`;
    case oauth.RESPONSE_IS_NOT_JSON:
    case oauth.PARSE_ERROR:
      return `${url} answered with something that is no JSON`;
    case oauth.INVALID_RESPONSE:
      return `${url} answered what cannot be used: ${plain(message)}`;
    case oauth.UNSUPPORTED_OPERATION:
      return `${url} gave a token of a type other than \`Bearer\``;
    case oauth.JSON_ATTRIBUTE_COMPARISON:
      return `${url} is the discovery document of another issuer`;
    case oauth.MISSING_SERVER_METADATA:
      return `the server does not offer this grant: no ${/"as\.(\w+)"/.exec(message)?.[1]?.replaceAll('_', ' ') ?? 'endpoint'}`;
    default:
      return message;
  }
}

/** `"response" body "access_token" property must be a string` as `access_token` and the rest. */
function plain(message: string): string {
  return message.replace(/"response" body "(\w+)" property/g, '`$1`').replace('"response" body', 'its body');
}

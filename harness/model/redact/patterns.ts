/** What each placeholder begins with. */
export const MARK = '[redacted: ';

/** A name that can stand in JSON, XML and a header without being written another way. */
export function placeholder(name: string): string {
  const plain = name
    .replace(/[^\w .@-]+/g, ' ')
    .trim()
    .slice(0, 60);
  return `${MARK}${plain === '' ? 'secret' : plain}]`;
}

/** Is this the name of a header whose value nobody else is to see? */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADER.test(name);
}

/** Is this the name of a member of JSON whose value nobody else is to see? */
export function isSecretMember(name: string): boolean {
  return SECRET_MEMBER.test(name);
}

/** The value of such a header: the scheme of credentials and the names and attributes of cookies may stay. */
export function hiddenHeader(name: string, value: string): string {
  if (/^cookie/i.test(name)) return value.replace(/=[^;]*/g, `=${placeholder('cookie')}`);
  if (/^set-cookie/i.test(name)) return value.replace(/=[^;]*/, `=${placeholder('cookie')}`);
  const scheme = /authorization$/i.test(name) ? /^[A-Za-z][\w-]{0,40}(?= +\S)/.exec(value)?.[0] : undefined;
  if (scheme === undefined) return placeholder(name.toLowerCase());
  return `${scheme} ${placeholder(/^bearer$/i.test(scheme) ? 'bearer token' : `${scheme.toLowerCase()} credentials`)}`;
}

/** Words of which one stands in every text that `hidden` would change; for a first look that costs little. */
export const SUSPECT_WORDS: readonly string[] = [
  ...['secret', 'passw', 'token', 'assertion', 'verifier', 'device', 'key', 'eyj', 'eyi', 'eya', 'ewo', 'ewk', 'ew0'],
  ...['sig=', 'sig%3d', 'tempauth', 'signature', 'credential', 'bearer', 'basic ', 'basic%20', 'negotiate'],
  ...['authorization', 'cookie'],
];

/** Puts placeholders for what looks like a secret, whoever it belongs to. Each pattern goes over the text once. */
export function hidden(text: string): string {
  return SUBSTITUTIONS.reduce((result, substitute) => substitute(result), text);
}

const SECRET_HEADER =
  /^(proxy-)?authorization$|^(set-)?cookie2?$|(^|-)(api-?key|token|secret|password|subscription-key|access-key|functions-key|signature)$/i;

/** Members of JSON, forms and queries that hold a secret, and headers as they are told in bodies. */
const NAMES = [
  ...['client_?secret', 'client_?assertion', 'assertion', 'password', 'passwd', 'secret', 'secret_?(?:text|key)'],
  ...['access_?token', 'refresh_?token', 'id_?token', 'session_?token', 'auth_?token', 'code_?verifier'],
  ...['device_?code', 'api[_-]?key', '(?:ocp-apim-)?subscription-key', 'private_?key', 'account_?key'],
  ...['shared_?access_?key', 'secret_?access_?key', '(?:proxy-)?authorization', '(?:set-)?cookie'],
  ...['x-[a-z-]{0,40}(?:key|token|secret)'],
].join('|');

const SECRET_MEMBER = new RegExp(`^(?:${NAMES})$`, 'i');

/** Parameters that make a URL work without credentials. */
const SIGNATURES = 'sig|tempauth|authkey|signature|x-(?:amz|goog|ms)-(?:signature|credential|security-token)';

const VALUE = String.raw`(?:\[redacted: [^\]]*\]|[^&\s"'<>\\#;)\]])+`;

const KEY_BLOCK =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^"-]|-(?!----))*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g;
const DOTTED = /(?<![\w.-])[\w-]*(?:\.[\w-]*){2,}/g;
const HEADER_LINE =
  /(^|[\r\n]|\\n)((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]{0,40}(?:key|token|secret))(: *)([^\r\n"\\]+)/gi;
const JSON_MEMBER = new RegExp(
  String.raw`"(${NAMES})"(\s*:\s*(?:\[\s*)?)(?:"((?:[^"\\]|\\[^])*)("|\\?$)|-?\d[\d.eE+-]*)`,
  'gi',
);
const ESCAPED_MEMBER = new RegExp(String.raw`(\\+")(${NAMES})\1(\s*:\s*)\1([^"]+)"`, 'gi');
const FORM_MEMBER = new RegExp(
  String.raw`((?:^|[?&;\s"'(]|\\u0026|%3F|%26)(?:amp;)?)(${NAMES}|${SIGNATURES})=(${VALUE})`,
  'gi',
);
const ENCODED_MEMBER = new RegExp(
  String.raw`(%3F|%26|%253F|%2526)(${NAMES}|${SIGNATURES})(%(?:25)?3D)((?:\[redacted: [^\]]*\]|%(?!26|2526)|[^%&\s"'<>\\])+)`,
  'gi',
);
const XML_MEMBER = new RegExp(String.raw`<((?:\w{1,40}:)?(?:${NAMES}))>([^<]+)`, 'gi');
const CREDENTIALS = /\b(bearer|basic|negotiate|dpop)((?:\s|%20|\+){1,8})([\w.~+/=-]{8,})/gi;

const SUBSTITUTIONS: readonly ((text: string) => string)[] = [
  (text) => text.replace(KEY_BLOCK, placeholder('private key')),
  (text) => text.replace(DOTTED, withoutToken),
  (text) =>
    text.replace(HEADER_LINE, (whole, before: string, name: string, colon: string, value: string) =>
      value.includes(MARK) ? whole : before + name + colon + hiddenHeader(name, value),
    ),
  (text) =>
    text.replace(JSON_MEMBER, (whole, name: string, colon: string, value?: string, end?: string) =>
      value === '' || value?.startsWith(MARK)
        ? whole
        : `"${name}"${colon}"${named(name)}${value === undefined ? '"' : end}`,
    ),
  (text) =>
    text.replace(ESCAPED_MEMBER, (whole, quote: string, name: string, colon: string, value: string) =>
      value.startsWith(MARK) ? whole : `${quote}${name}${quote}${colon}${quote}${named(name)}${quote}`,
    ),
  (text) =>
    text.replace(FORM_MEMBER, (whole, before: string, name: string, value: string) =>
      isPlaceholder(value) ? whole : `${before}${name}=${named(name)}`,
    ),
  (text) =>
    text.replace(ENCODED_MEMBER, (whole, before: string, name: string, equals: string, value: string) =>
      isPlaceholder(value) ? whole : before + name + equals + named(name),
    ),
  (text) =>
    text.replace(XML_MEMBER, (whole, name: string, value: string) =>
      value.startsWith(MARK) ? whole : `<${name}>${named(name)}`,
    ),
  (text) =>
    text.replace(CREDENTIALS, (whole, scheme: string, blank: string, value: string) =>
      // `Basic authentication` is no secret.
      /\d|=$/.test(value) || value.length > 24 ? `${scheme}${blank}${placeholder(credentials(scheme))}` : whole,
    ),
];

/** A JSON Web Token (RFC 7519), signed or encrypted: parts of base64url of which the first is a JSON object. */
function withoutToken(dotted: string): string {
  const parts = dotted.split('.');
  for (const [index, part] of parts.entries()) {
    if (index > parts.length - 3) break;
    for (const { index: at } of [...part.slice(0, 4096).matchAll(/e[yw]/g)].slice(0, 4)) {
      if (!isJsonObject(part.slice(at))) continue;
      const before = [...parts.slice(0, index), part.slice(0, at)].join('.');
      return `${before}${placeholder('JWT')}`;
    }
  }
  return dotted;
}

function isJsonObject(part: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function named(name: string): string {
  const lower = name.toLowerCase();
  return placeholder(lower === 'sig' ? 'SAS signature' : lower);
}

function credentials(scheme: string): string {
  return /^bearer$/i.test(scheme) ? 'bearer token' : `${scheme.toLowerCase()} credentials`;
}

function isPlaceholder(value: string): boolean {
  return value.startsWith(MARK) && value.endsWith(']') && value.indexOf(']') === value.length - 1;
}

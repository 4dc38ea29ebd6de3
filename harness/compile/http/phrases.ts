import { distance } from 'fastest-levenshtein';

/**
 * What the reason phrase of a status should be where it is that of another status, or its own misspelt; nothing where it is its own, or
 * words that no registry knows (RFC 9110, 15: they mean nothing, and any will do).
 */
export function otherPhrase(status: number, phrase: string): string | undefined {
  const own = PHRASES.get(status);
  const written = plain(phrase);
  if (own === undefined || written === '' || OWN_TOO[status]?.includes(written)) return undefined;
  const wanted = plain(own);
  if (written === wanted) return undefined;
  const isOfAnother = [...PHRASES.values()].some((each) => plain(each) === written);
  const isMisspelt = written.length > 3 && distance(written, wanted) <= 2;
  return isOfAnother || isMisspelt ? own : undefined;
}

function plain(phrase: string): string {
  return phrase.toLowerCase().replace(/[^a-z]/g, '');
}

/** Phrases of earlier versions of HTTP. */
const OWN_TOO: Readonly<Record<number, readonly string[]>> = {
  302: ['movedtemporarily'],
  413: ['payloadtoolarge', 'requestentitytoolarge'],
  414: ['requesturitoolong'],
  416: ['requestedrangenotsatisfiable'],
  422: ['unprocessableentity'],
};

/** The registered ones (RFC 9110, 15; RFC 4918; RFC 6585). */
const PHRASES: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [201, 'Created'],
  [202, 'Accepted'],
  [203, 'Non-Authoritative Information'],
  [204, 'No Content'],
  [205, 'Reset Content'],
  [206, 'Partial Content'],
  [207, 'Multi-Status'],
  [300, 'Multiple Choices'],
  [301, 'Moved Permanently'],
  [302, 'Found'],
  [303, 'See Other'],
  [304, 'Not Modified'],
  [307, 'Temporary Redirect'],
  [308, 'Permanent Redirect'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [408, 'Request Timeout'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [411, 'Length Required'],
  [412, 'Precondition Failed'],
  [413, 'Content Too Large'],
  [414, 'URI Too Long'],
  [415, 'Unsupported Media Type'],
  [416, 'Range Not Satisfiable'],
  [422, 'Unprocessable Content'],
  [423, 'Locked'],
  [424, 'Failed Dependency'],
  [428, 'Precondition Required'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [501, 'Not Implemented'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
  [507, 'Insufficient Storage'],
]);

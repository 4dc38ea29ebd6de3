import type { Finding } from '../finding.ts';
import type { Judgement } from '../journal.ts';
import { pointerTokens } from '../json.ts';
import type { Redactor } from '../redact.ts';
import { isSecretHeader, isSecretMember, placeholder } from './patterns.ts';

/** A judgement as it may be kept: secrets taken out of the answer and of what is said of it. The promise stays as the docs have it. */
export function withoutSecrets(judgement: Judgement, redactor: Redactor): Judgement {
  const { result, findings, detail, unseen } = judgement;
  return {
    result: redactor.known(result),
    findings: findings.map((found) => cleanFinding(found, redactor)),
    ...(detail === undefined
      ? {}
      : {
          detail: {
            exchange: detail.exchange,
            ...(detail.sent === undefined ? {} : { sent: redactor.message(detail.sent) }),
            ...(detail.origins === undefined ? {} : { origins: redactor.known(detail.origins) }),
            ...(detail.actual === undefined ? {} : { actual: redactor.message(detail.actual) }),
          },
        }),
    unseen,
  };
}

/** What the docs say of a promise (`expected`, `note`) is public; what was answered is not. */
function cleanFinding(found: Finding, redactor: Redactor): Finding {
  const { reason, actual, pointer } = found;
  const name = pointer === undefined ? undefined : pointerTokens(pointer.slice(pointer.lastIndexOf('/')))[0];
  const isSecret = name !== undefined && (isSecretMember(name) || isSecretHeader(name));
  const hide = isSecret ? withoutValue(name, actual) : (text: string) => text;
  const clean = {
    reason: redactor.text(hide(reason)),
    ...(actual === undefined ? {} : { actual: redactor.text(hide(actual)) }),
  };
  const rest = redactor.known(found);
  // There may be ten thousand of them, and next to none has anything to hide.
  return rest === found && clean.reason === reason && clean.actual === actual ? found : { ...rest, ...clean };
}

/** Takes out the value of a member whose name says that it is secret: as the finding shows it, and what stands in backticks for it. */
function withoutValue(name: string, actual: string | undefined): (text: string) => string {
  const bare = actual?.replace(/^"|"$/g, '').replace(/…$/, '');
  return (text) => {
    if (text === actual) return placeholder(name);
    const quoted = text.replace(
      /^(Unexpected )`[^]*?`( for )/,
      (_, before: string, after: string) => before + placeholder(name) + after,
    );
    return bare === undefined || bare === '' ? quoted : quoted.replaceAll(bare, placeholder(name));
  };
}

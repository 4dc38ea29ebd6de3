import { finding, type Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { gather } from '../report/index.ts';
import { sampleReport } from './sample.ts';

/** What docs, answers and names may hold, if somebody wants to be more than read. */
export const HOSTILE_TEXTS: readonly string[] = [
  '<script>pwned=true</script>',
  '</script><!--',
  '--><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '[click](javascript:alert(1)) ![x](https://evil.example/x.png) [x][y] [^1]',
  'https://evil.example/ www.evil.example me@evil.example @octocat @org/team #1 GH-1 owner/repo#1 :tada: 0123456789abcdef0123456789abcdef01234567',
  'left\u202eright\u2066isolate\u200fmark\u061c',
  'nul\u0000bell\u0007esc\u001b[31mred\u001b]0;title\u0007c1\u009b2Jdel\u007f',
  'line\nfeed\rreturn\r\nboth\u2028separator\u2029paragraph\u0085next\tvertical\u000bform\u000c',
  'lone \ud800 surrogates \udfff and \ufffe non-characters \uffff',
  ']]> <![CDATA[ &amp; &#x0; <?xml?> <!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>',
  '::error::pwned\n::set-output name=a::b\n::add-mask::x\n  ::stop-commands::x',
  '##[error]x ##[command]y ##vso[task.setvariable variable=a]b ##teamcity[x]',
  '%0A::error::pwned%0D%0A::warning file=x::y %250A %25 100%',
  'a,b:c,file=other.md,line=1::text',
  '| a | b |\n|--|--|\n| c \\| d | \\\\| e',
  '`one` ``two`` ```three``` `',
  '``````',
  '# heading\n> quote\n- item\n1. item\n***\n~~~\n    code\n<details>\n$x$ $`y`$',
  '{0} {{1}} {} [text](1) ${{ secrets.TOKEN }} $(id) `id`',
  '\ufeffmark ../../etc/passwd C:\\temp\\x.md file:///etc/passwd //evil.example/x',
  '__proto__ constructor toString',
  ' ',
  '',
  'x'.repeat(1_000_000),
  '`'.repeat(100_000),
  '😀'.repeat(50_000),
];

/** A report with the same text in every field that docs, answers and names can fill. */
export function hostileReport(text: string): Report {
  const name = text || ' ';
  const { coverage, exchanges } = sampleReport();
  const place = { file: name, position: { start: { line: 1, column: 2 }, end: { line: 1, column: 4 } } };
  const findings: readonly Finding[] = (['error', 'warning', 'note'] as const).map((severity) => ({
    ...finding({ ruleId: 'property/type', reason: name, place }, severity),
    group: `${severity}${text}`,
    exchangeId: exchanges[0]!.id,
    pointer: text,
    expected: text,
    actual: text,
    note: text,
    url: text,
    suppressed: severity === 'note',
  }));
  return gather({
    command: 'run',
    target: name,
    tool: { name: 'docwright', version: '0.1.0' },
    coverage: { ...coverage, annotations: { ...coverage.annotations, [text]: coverage.annotations.request! } },
    exchanges: exchanges.map((exchange) => ({
      ...exchange,
      file: name,
      title: text,
      request: { method: text, url: text },
    })),
    findings,
    unseen: 0,
  });
}

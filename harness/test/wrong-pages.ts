/** One copy of the pages in `docs/api/dns` that is wrong in one way, in all places that speak of it. */
export interface Wrong {
  readonly what: string;
  /** In a page, what is put in the place of what. */
  readonly edits: readonly (readonly [file: string, from: string | RegExp, to: string])[];
  /** Where it shows: a page, and the text of a line in it, the first such line or a later one. */
  readonly at: readonly [page: string, text: string, nth?: number];
  readonly rule: string;
}

const STATISTIC = 'resources/statistic.md';
/** The figure that the example of Get statistic shows. */
export const FIGURE = '"value": "5174"';

/** The wrong copies, each with the one error that a real server makes of it. */
export const WRONG: readonly Wrong[] = [
  {
    what: 'another status',
    edits: [['update-zone.md', 'HTTP/1.1 204 No Content', 'HTTP/1.1 200 OK']],
    at: ['update-zone.md', 'HTTP/1.1 200 OK'],
    rule: 'status/undocumented',
  },
  {
    what: 'a property that does not come',
    edits: [
      ['get-statistic.md', FIGURE, `${FIGURE},\n    "unit": "s"`],
      [STATISTIC, '"value": "String"', '"value": "String",\n  "unit": "String"'],
      [STATISTIC, '|value|', '|unit|String|What it is counted in.|\n|value|'],
    ],
    at: ['get-statistic.md', '"unit"'],
    rule: 'property/missing',
  },
  {
    what: 'a property under another name',
    edits: [
      ['get-statistic.md', '"value":', '"figure":'],
      [STATISTIC, '"value":', '"figure":'],
      [STATISTIC, '|value|', '|figure|'],
    ],
    at: ['get-statistic.md', '"figure"'],
    rule: 'property/missing',
  },
  {
    what: 'another type',
    edits: [
      ['get-statistic.md', FIGURE, '"value": 5174'],
      [STATISTIC, '"value": "String"', '"value": "Int64"'],
      [STATISTIC, '|value|String|The figure, a number written as a string.|', '|value|Int64|The figure.|'],
    ],
    at: ['get-statistic.md', '"value": 5174'],
    rule: 'property/type',
  },
  {
    what: 'other members of an enumeration',
    edits: [
      ['get-statistic.md', '"type": "StatisticItem"', '"type": "Counter"'],
      [STATISTIC, 'Always `StatisticItem`.', 'Possible values are `Counter`, `Gauge`.'],
    ],
    at: ['get-statistic.md', '"type": "Counter"'],
    rule: 'property/enum',
  },
  {
    what: 'an object around what has none',
    edits: [
      [
        'get-statistic.md',
        `"type": "StatisticItem",\n    ${FIGURE}`,
        `"data": {\n      "type": "StatisticItem",\n      ${FIGURE}\n    }`,
      ],
      [
        STATISTIC,
        '"type": "String",\n  "value": "String"',
        '"data": {\n    "type": "String",\n    "value": "String"\n  }',
      ],
      [STATISTIC, /^\|type.*\n\|value.*$/m, '|data|Object|The figure, and what it is.|'],
    ],
    at: ['get-statistic.md', '"data"'],
    rule: 'property/missing',
  },
  {
    what: 'a list in an object',
    edits: [['list-zones.md', /^\[\]$/m, '{\n  "value": []\n}']],
    at: ['list-zones.md', '{\n  "value": []'],
    rule: 'collection/shape',
  },
  {
    what: 'one where many come',
    edits: [
      ['get-statistic.md', '[\n  {\n    "name"', '{\n    "name"'],
      ['get-statistic.md', `${FIGURE}\n  }\n]`, `${FIGURE}\n}`],
      ['get-statistic.md', '"@odata.type": "dns.statistic",\n  "isCollection": true', '"@odata.type": "dns.statistic"'],
      ['get-statistic.md', 'an array with the [statistic]', 'a [statistic]'],
    ],
    at: ['get-statistic.md', '{\n    "name"'],
    rule: 'property/type',
  },
  {
    what: 'a header that does not come',
    edits: [['get-server.md', 'HTTP/1.1 200 OK\n', 'HTTP/1.1 200 OK\nETag: "7"\n']],
    at: ['get-server.md', 'ETag'],
    rule: 'header/missing',
  },
  {
    what: 'errors of another shape',
    edits: [
      ['get-zone.md', '"@odata.type": "dns.error"', '"expectError": true'],
      [
        'get-zone.md',
        '"error": "Not Found"',
        '"error": {\n    "code": "notFound",\n    "message": "No such zone."\n  }',
      ],
    ],
    at: ['get-zone.md', '"error": {'],
    rule: 'body/error-shape',
  },
  {
    what: 'another method',
    edits: [['update-zone.md', /^PUT (?!.*fallow)/gm, 'POST ']],
    at: ['update-zone.md', 'HTTP/1.1 204'],
    rule: 'status/undocumented',
  },
  {
    what: 'another path',
    edits: [['get-statistic.md', /localhost\/statistics\?(?!.*sunshine)/g, 'localhost/figures?']],
    at: ['get-statistic.md', 'HTTP/1.1 200 OK'],
    rule: 'status/undocumented',
  },
  {
    what: 'a word that the server does not know',
    edits: [
      [
        'update-records.md',
        /"changetype": "DELETE"(?=\s+\}\s+\]\s+\}\s+```\s+#### Response\s+<!-- \{\s+"blockType": "response",\s+"name": "delete_records")/,
        '"changetype": "REMOVE"',
      ],
      ['resources/rrset.md', '`REPLACE`, `DELETE`', '`REPLACE`, `DELETE`, `REMOVE`'],
    ],
    at: ['update-records.md', 'HTTP/1.1 204', 3],
    rule: 'status/undocumented',
  },
];

/** Pages of a service of files, in the way in which OneDrive documents its own; and scenarios for them in API Doctor's grammar. */
export const FILE_PAGES: Readonly<Record<string, string>> = {
  'docs/drive.md': page('Get drive', [
    'get-drive',
    'GET /drive',
    `HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "id": "b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFNhsME-Fepo75dTf9vQKfeRblBZjoSQrd7", "driveType": "personal" }`,
  ]),
  'docs/files.md': page(
    'Files',
    [
      'upload',
      'PUT /drive/root:{item-path}:/content\nContent-Type: text/plain\n\nThe contents of the file goes here.',
      `HTTP/1.1 201 Created\nContent-Type: application/json\n\n${item()}`,
    ],
    [
      'create-folder',
      'POST /drive/root/children\nContent-Type: application/json\n\n{ "name": "FolderA", "folder": {} }',
      `HTTP/1.1 201 Created\nContent-Type: application/json\n\n{ "id": "0123456789ABC", "name": "FolderA", "size": 0, "folder": { "childCount": 0 } }`,
    ],
    ['get-item', 'GET /drive/items/{item-id}', `HTTP/1.1 200 OK\nContent-Type: application/json\n\n${item()}`],
    ['delete-item', 'DELETE /drive/items/{item-id}', 'HTTP/1.1 204 No Content'],
    [
      'download',
      'GET /drive/items/{item-id}/content',
      'HTTP/1.1 302 Found\nLocation: https://b0mpua-by3301.files.1drv.com/y23vmagahszhxzlcvhasdhasghasodfi',
    ],
    [
      'download-partial',
      'GET https://b0mpua-by3301.files.1drv.com/y23vmag\nRange: bytes=0-1023',
      'HTTP/1.1 206 Partial Content\nContent-Range: bytes 0-1023/2048\nContent-Type: text/plain\n\n<first 1024 bytes of the file>',
    ],
    [
      'copy',
      'POST /drive/items/{item-id}/copy\nContent-Type: application/json\n\n{ "parentReference": { "id": "DCD0D3AD-8989-4F23-A5A2-2C086050513F" }, "name": "contoso plan (copy).txt" }',
      'HTTP/1.1 202 Accepted\nLocation: https://contoso.sharepoint.com/_api/v2.0/monitor/4A3407B5-88FC-4504-8B21-0AABD3412717',
    ],
    [
      'copy-status',
      'GET https://contoso.sharepoint.com/_api/v2.0/monitor/4A3407B5-88FC-4504-8B21-0AABD3412717',
      'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "percentageComplete": 100.0, "status": "completed", "resourceId": "01MOWKYVJML57KN2ANMBA3JZJS2MBGC7KM" }',
    ],
  ),
  'docs/upload-session.md': page(
    'Upload session',
    [
      'create-session',
      'POST /drive/root:/{item-path}:/createUploadSession\nContent-Type: application/json\n\n{}',
      'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "uploadUrl": "https://sn3302.up.1drv.com/up/fe6987415ace7X4e1eF866337", "expirationDateTime": "2026-01-29T09:21:55.523Z", "nextExpectedRanges": ["0-"] }',
    ],
    [
      'upload-fragment',
      'PUT https://sn3302.up.1drv.com/up/fe6987415ace7X4e1eF866337\nContent-Length: 26\nContent-Range: bytes 0-25/128\n\n<bytes 0-25 of the file>',
      'HTTP/1.1 202 Accepted\nContent-Type: application/json\n\n{ "expirationDateTime": "2026-01-29T09:21:55.523Z", "nextExpectedRanges": ["26-"] }',
    ],
    [
      'upload-complete',
      'PUT https://sn3302.up.1drv.com/up/fe6987415ace7X4e1eF866337\nContent-Length: 21\nContent-Range: bytes 101-127/128\n\n<final bytes of the file>',
      `HTTP/1.1 201 Created\nContent-Type: application/json\n\n${item()}`,
    ],
    [
      'upload-status',
      'GET https://sn3302.up.1drv.com/up/fe6987415ace7X4e1eF866337',
      'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "nextExpectedRanges": ["12345-"] }',
    ],
  ),
};

/** As a tenant of API Doctor writes them: comments, trailing commas, the old form of random names. */
export const FILE_SCENARIOS = `{
  // What is needed again and again.
  "canned-requests": [
    {
      "name": "create-file",
      "method": "upload",
      "request-parameters": {
        "{item-path}": "!random-filename-txt",
        "!body": "This is a test file.",
        "Content-Type:": "application/octet-stream",
      },
      "capture": { "[item-id]": "$.id" },
      "implicit-variable": "{file-id}"
    },
  ],
  "scenarios": [
    {
      "name": "Drive",
      "method": "get-drive",
      "enabled": true,
      "expectations": { "$.driveType": ["personal", "business"], "Content-Type:": "application/json" }
    },
    { "name": "Upload", "method": "upload", "enabled": true, "request-parameters": { "{item-path}": "/pictures/newfile.txt" },
      "test-setup": [ { "http-request": "DELETE /drive/root:/pictures/newfile.txt", "allowed-status-codes": [204, 404] } ] },
    { "name": "Folder", "method": "create-folder", "enabled": true, "request-parameters": { "$.name": "!random-filename!" } },
    { "name": "Item", "method": "get-item", "enabled": true, "test-setup": [ { "canned-request": "create-file" } ],
      "request-parameters": { "{item-id}": "[item-id]" }, "expectations": { "$.size": 20, "$.file.mimeType": null } },
    { "name": "Delete", "method": "delete-item", "enabled": true, "test-setup": [ { "canned-request": "create-file" } ],
      "request-parameters": { "{item-id}": "[item-id]" } },
    { "name": "Download", "method": "download", "enabled": true, "test-setup": [ { "canned-request": "create-file" } ],
      "request-parameters": { "{item-id}": "[item-id]" } },
    { "name": "Resume a download", "method": "download-partial", "enabled": true,
      "request-parameters": { "!url": "[download-url]", "Range:": "bytes=10-" },
      "expectations": { "!body": "test file." },
      "test-setup": [
        { "canned-request": "create-file" },
        { "method": "download", "request-parameters": { "{item-id}": "[item-id]" },
          "allowed-status-codes": [302], "capture": { "[download-url]": "Location:" } }
      ] },
    { "name": "Copy", "method": "copy", "enabled": true, "test-setup": [ { "canned-request": "create-file" } ],
      "request-parameters": { "{item-id}": "[item-id]", "$.parentReference.id": null, "$.name": "!random-filename-txt!" } },
    { "name": "Copy to its end", "method": "copy-status", "enabled": true,
      "request-parameters": { "!url": "[monitor-url]" },
      "status-codes-to-retry": [ 202 ],
      "expectations": { "$.percentageComplete": 100.0, "$.status": "completed" },
      "test-setup": [
        { "canned-request": "create-file" },
        { "method": "copy",
          "request-parameters": { "{item-id}": "[item-id]", "$.parentReference": null, "$.name": "!random-filename!" },
          "allowed-status-codes": [ 202 ],
          "capture": { "[monitor-url]": "Location:" } }
      ] },
    { "name": "Session", "method": "create-session", "enabled": true, "request-parameters": { "{item-path}": "!random-filename-bin!" },
      "expectations": { "$.nextExpectedRanges": ["0-"] } },
    { "name": "A fragment", "method": "upload-fragment", "enabled": true,
      "request-parameters": { "!url": "[upload-url]", "Content-Range:": "bytes 0-4/10", "!body.base64": "aGVs\\nbG8=" },
      "expectations": { "$.nextExpectedRanges[0]": "5-9" },
      "test-setup": [
        { "method": "create-session", "request-parameters": { "{item-path}": "!random-filename-bin!" }, "capture": { "[upload-url]": "$.uploadUrl" } }
      ] },
    { "name": "All fragments", "method": "upload-complete", "enabled": true,
      "request-parameters": { "!url": "[upload-url]", "Content-Range:": "bytes 5-9/10", "!body": "world" },
      "expectations": { "$.size": 10 },
      "test-setup": [
        { "method": "create-session", "request-parameters": { "{item-path}": "!random-filename-bin!" }, "capture": { "[upload-url]": "$.uploadUrl" } },
        { "method": "upload-fragment", "request-parameters": { "!url": "[upload-url]", "Content-Range:": "bytes 0-4/10", "!body": "hello" } }
      ] },
    { "name": "How far it is", "method": "upload-status", "enabled": true,
      "request-parameters": { "!url": "[upload-url]" },
      "expectations": { "$.nextExpectedRanges": ["5-"] },
      "test-setup": [
        { "method": "create-session", "request-parameters": { "{item-path}": "!random-filename-bin!" }, "capture": { "[upload-url]": "$.uploadUrl" } },
        { "method": "upload-fragment", "request-parameters": { "!url": "[upload-url]", "Content-Range:": "bytes 0-4/10", "!body": "hello" } }
      ] },
    { "name": "Not now", "method": "get-item" }
  ]
}
`;

function item(): string {
  return '{ "id": "0123456789AC", "name": "newfile.txt", "size": 35, "file": { "mimeType": "text/plain" } }';
}

function page(
  title: string,
  ...exchanges: readonly (readonly [name: string, request: string, response: string])[]
): string {
  const blocks = exchanges.map(
    ([name, request, response]) =>
      `<!-- { "blockType": "request", "name": "${name}" } -->\n\`\`\`http\n${request}\n\`\`\`\n\n` +
      `<!-- { "blockType": "response"${response.includes('<') ? ', "@odata.type": "Edm.Stream"' : ''} } -->\n\`\`\`http\n${response}\n\`\`\`\n`,
  );
  return `# ${title}\n\n${blocks.join('\n')}`;
}

// The service of the replay bench: `node replay-server.mjs EXCHANGES.json`. Says its port, and answers as documented until it is killed.
// Below /m0 at once, below /m5 after 5 ms, below /wrong with a body that is wrong in three ways.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const answers = new Map();
for (const { method, path, status, answer } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const body = answer === undefined ? undefined : Buffer.from(JSON.stringify(answer));
  const wrong = answer === undefined ? undefined : Buffer.from(JSON.stringify(wrongly(answer)));
  answers.set(`${method} ${path}`, { status, body, wrong });
}

createServer((request, response) => {
  request.resume();
  const [, mode, path] = /^\/(m0|m5|wrong)(\/.*)$/.exec(request.url) ?? [];
  const found = answers.get(`${request.method} ${path}`) ?? { status: 500 };
  const say = () => {
    const body = mode === 'wrong' ? found.wrong : found.body;
    if (body === undefined) return response.writeHead(found.status).end();
    response.writeHead(found.status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
  };
  request.on('end', () => (mode === 'm5' ? setTimeout(say, 5) : say()));
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});

/** One property of another type, one missing, one that nobody documents. */
function wrongly(answer) {
  const [[key, value], [second] = [], ...rest] = Object.entries(answer);
  const others = Object.fromEntries(rest);
  return { ...others, [key]: typeof value === 'string' ? 1 : 'one', [`not-${second ?? 'there'}`]: true };
}

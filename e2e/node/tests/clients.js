// The clients of the tests: HubSpot's package as it is installed, pointed at the local portal.
import assert from 'node:assert/strict';
import { Client } from '@hubspot/api-client';
import { observed } from './methods.js';

function address(name) {
  const value = process.env[name];
  assert.ok(value, `${name} must hold the address of a portal: go test -tags=e2e ./e2e/... sets it`);
  return value;
}

// The client's own pace is for HubSpot's limits; a portal without limits needs none.
const unhurried = { minTime: 0, maxConcurrent: 8 };

export const portal = address('PORTAL');

export const client = observed(new Client({ accessToken: 'any-token', basePath: portal, limiterOptions: unhurried }));

// The client keeps its decorators in one place for the whole process, and a discovery class takes them when it is
// first used. A client of another kind is therefore made by a function, which uses the class at once.
export const retrying = (name, use) => other(name, use, { numberOfApiCallRetries: 3 });
export const untiring = (name, use) => other(name, use, {});

function other(name, use, options) {
  return use(new Client({ accessToken: 'any-token', basePath: address(name), limiterOptions: unhurried, ...options }));
}

// waits collects what the client tells of its waits, which it writes on the console.
export async function waits(run) {
  const told = [];
  const write = console.error;
  console.error = (line) => told.push(String(line));
  try {
    await run();
  } finally {
    console.error = write;
  }
  return told;
}

// Each method comes twice: plain, and as …WithHttpInfo, which also tells the status. Tests run once for each.
export const styles = [
  {
    name: 'plain',
    ask: (api, method, _status, ...args) => api[method](...args),
  },
  {
    name: 'WithHttpInfo',
    ask: async (api, method, status, ...args) => {
      const info = await api[method + 'WithHttpInfo'](...args);
      assert.equal(info.httpStatusCode, status, `${method} answered ${info.httpStatusCode}`);
      return info.data;
    },
  },
].map((style) => ({ ...style, refused: (...args) => refusedBy(style.ask, ...args) }));

// refused wants a method to be refused with a status and a category, and gives the body of the answer.
export const refused = (...args) => refusedBy(styles[0].ask, ...args);

async function refusedBy(ask, api, method, status, category, ...args) {
  const failure = await ask(api, method, 0, ...args).then(
    (answer) => assert.fail(`${method} was not refused but answered ${JSON.stringify(answer)}`),
    (error) => error,
  );
  if (failure instanceof assert.AssertionError) throw failure;
  assert.equal(failure.code, status, failure.message);
  assert.equal(failure.body?.category, category, failure.message);
  assert.equal(failure.body.status, 'error');
  assert.match(failure.body.correlationId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.ok(failure.body.message);
  return failure.body;
}

let made = 0;

// fresh makes a text that no other test uses.
export const fresh = (what) => `${what}${++made}`;
export const mail = () => fresh('person') + '@example.com';

// ids are those of records, in an order of their own: batches promise none.
export const ids = (records) => records.map((record) => record.id).sort();

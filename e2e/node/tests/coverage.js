// Every method of the client that the portal serves is called by a test above, and what is not served is listed here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@hubspot/api-client';
import { portal } from './clients.js';
import { methodsOf, wasAnswered } from './methods.js';

// The parts of the client that stand for something in the local portal.
const parts = ['contacts', 'companies', 'deals', 'tickets', 'objects', 'properties', 'associations', 'owners', 'pipelines', 'schemas'];

// What the local portal does not serve, by a beginning of the method's path, and why.
const notServed = {
  ...named(
    ['communications', 'dealSplits', 'feedbackSubmissions', 'goals', 'leads', 'postalMail', 'taxes'],
    (type) => `crm.objects.${type}.`, 'the portal has no records of this type',
  ),
  'crm.associations.v4.reportApi.': 'the report goes by email to the user who asks for it',
  ...named(['archive', 'create', 'replace', 'update'], (method) => `crm.pipelines.pipelinesApi.${method}`, 'a pipeline is the view of a property and there is one for each type'),
  'crm.pipelines.pipelineAuditsApi.': 'changes of pipelines are not recorded',
  'crm.pipelines.pipelineStageAuditsApi.': 'changes of pipelines are not recorded',
  'crm.schemas.coreApi.archiveAssociation': 'the association types of a custom object are those of its schema',
  'crm.schemas.coreApi.createAssociation': 'the association types of a custom object are those of its schema',
};

function named(names, path, reason) {
  return Object.fromEntries(names.map((name) => [path(name), reason]));
}

test('every method is either answered by the portal or named as one that is not served', () => {
  const { crm } = new Client({ accessToken: 'any-token' });
  const all = parts.flatMap((part) => methodsOf(crm[part], `crm.${part}`));
  assert.ok(all.length > 200, `only ${all.length} methods were found`);
  const reason = (method) => Object.keys(notServed).find((beginning) => method.startsWith(beginning));
  assert.deepEqual(all.filter((method) => !wasAnswered(method) && !reason(method)), [], 'neither called nor listed');
  assert.deepEqual(all.filter((method) => wasAnswered(method) && reason(method)), [], 'listed as not served, but answered');
  assert.deepEqual(Object.keys(notServed).filter((beginning) => !all.some((method) => method.startsWith(beginning))), [], 'listed, but no method of the client');
});

// A reason that was true once must not hide a method that is served by now: none of the methods on the list reaches an
// operation. What they are given does not matter to a path that nobody serves.
test('the methods on the list are not served', async () => {
  const client = new Client({ accessToken: 'any-token', basePath: portal });
  const methods = parts.flatMap((part) => methodsOf(client.crm[part], `crm.${part}`)).filter((method) => Object.keys(notServed).some((beginning) => method.startsWith(beginning)));
  assert.ok(methods.length > 0);
  for (const path of methods) {
    const names = path.split('.');
    const method = names.pop();
    const api = names.reduce((object, name) => object[name], client);
    const failure = await api[method](...Array(api[method].length - 1).fill('1')).then(() => assert.fail(`${path} was answered`), (error) => error);
    // The client cannot read the HTML page that stands for no operation, and says so.
    const reached = !/text\/html/.test(failure.message) && !/Unable to infer object type/.test(failure.body?.message);
    assert.ok(!reached, `${path} is served: ${failure.message}`);
  }
});

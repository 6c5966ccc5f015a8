// Every method of the client that the portal serves is called by a test above, and what is not served is listed here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '@hubspot/api-client';
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
  'crm.schemas.': 'the portal has no custom object types',
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

// What every type of record has: create, read, list, update, archive, batches and search.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { client, fresh, ids, mail, styles } from './clients.js';

const { crm } = client;

// The types that the client has classes for, with a property to write and what a record needs beside it.
const types = [
  { name: 'contacts', apis: crm.contacts, property: 'firstname', required: () => ({ email: mail() }) },
  { name: 'companies', merges: true, apis: crm.companies, property: 'name', required: () => ({ domain: fresh('firm') + '.example.com' }) },
  { name: 'deals', merges: true, apis: crm.deals, property: 'dealname' },
  { name: 'tickets', merges: true, apis: crm.tickets, property: 'subject' },
  { name: 'notes', apis: crm.objects.notes, property: 'hs_note_body', required: happening },
  { name: 'tasks', apis: crm.objects.tasks, property: 'hs_task_subject', required: happening },
  { name: 'calls', apis: crm.objects.calls, property: 'hs_call_title', required: happening },
  { name: 'emails', apis: crm.objects.emails, property: 'hs_email_subject', required: happening },
  { name: 'meetings', apis: crm.objects.meetings, property: 'hs_meeting_title', required: happening },
  // The generic class takes the type as first argument of every method.
  { name: 'contacts by their type id', apis: crm.objects, first: ['0-1'], named: 'contacts', property: 'firstname', required: () => ({ email: mail() }) },
];

function happening() {
  return { hs_timestamp: '2026-11-23T10:00:00.000Z' };
}

for (const style of styles) {
  for (const type of types) {
    describe(`${type.name}, ${style.name}`, () => trial(style, type));
  }
}

function trial(style, { name, named = name, merges = false, apis, property, first = [], required = () => ({}) }) {
  const { basicApi, batchApi, searchApi } = apis;
  const ask = (api, method, status, ...args) => style.ask(api, method, status, ...first, ...args);
  const refused = (api, method, status, category, ...args) => style.refused(api, method, status, category, ...first, ...args);
  const properties = (value) => ({ ...required(), [property]: value });
  const create = (value) => ask(basicApi, 'create', 201, { properties: properties(value), associations: [] });

  test('a record is created, read, updated and archived', async () => {
    const created = await create('Ada');
    assert.match(created.id, /^\d+$/);
    assert.equal(created.properties[property], 'Ada');
    assert.ok(created.createdAt instanceof Date);
    assert.equal(created.archived, false);

    const read = await ask(basicApi, 'getById', 200, created.id, [property]);
    assert.equal(read.id, created.id);
    assert.equal(read.properties[property], 'Ada');
    assert.equal(read.properties.hs_object_id, created.id);

    const updated = await ask(basicApi, 'update', 200, created.id, { properties: { [property]: 'Grace' } });
    assert.equal(updated.properties[property], 'Grace');
    const history = await ask(basicApi, 'getById', 200, created.id, [property], [property]);
    assert.deepEqual(history.propertiesWithHistory[property].map((version) => version.value), ['Grace', 'Ada']);

    await ask(basicApi, 'archive', 204, created.id);
    await refused(basicApi, 'getById', 404, undefined, created.id); // live answers have no category
    const binned = await ask(basicApi, 'getById', 200, created.id, [property], undefined, undefined, true);
    assert.equal(binned.archived, true);
    assert.ok(binned.archivedAt instanceof Date);
    await ask(basicApi, 'archive', 204, created.id);
  });

  test('a list comes in pages and ends without a next one', async () => {
    const mine = ids([await create('one'), await create('two'), await create('three')]);
    const seen = [];
    let after;
    do {
      const page = await ask(basicApi, 'getPage', 200, 2, after, [property]);
      assert.ok(page.results.length <= 2);
      seen.push(...page.results.map((record) => record.id));
      after = page.paging?.next?.after;
    } while (after);
    assert.deepEqual(mine.filter((id) => !seen.includes(id)), []);
    assert.equal(new Set(seen).size, seen.length);
  });

  test('a batch creates, reads, updates and archives', async () => {
    const inputs = ['one', 'two'].map((value) => ({ properties: properties(value), associations: [] }));
    const created = await ask(batchApi, 'create', 201, { inputs });
    assert.equal(created.status, 'COMPLETE');
    assert.ok(created.startedAt instanceof Date && created.completedAt instanceof Date);
    assert.deepEqual(created.results.map((record) => record.properties[property]).sort(), ['one', 'two']);
    const mine = ids(created.results);

    await ask(batchApi, 'update', 200, { inputs: mine.map((id) => ({ id, properties: { [property]: 'three' } })) });
    const wanted = { inputs: mine.map((id) => ({ id })), properties: [property], propertiesWithHistory: [] };
    const read = await ask(batchApi, 'read', 200, wanted);
    assert.deepEqual(ids(read.results), mine);
    assert.deepEqual(read.results.map((record) => record.properties[property]), ['three', 'three']);

    await ask(batchApi, 'archive', 204, { inputs: mine.map((id) => ({ id })) });
    const gone = await ask(batchApi, 'read', 207, wanted);
    assert.deepEqual(gone.results, []);
    assert.equal(gone.numErrors, 1);
    assert.equal(gone.errors[0].category, 'OBJECT_NOT_FOUND');
    assert.deepEqual(gone.errors[0].context.ids.sort(), mine);
  });

  describe('by a property with unique values', () => {
    const unique = fresh('serial_number_');

    before(async () => {
      const { coreApi } = crm.properties;
      const { groupName } = await coreApi.getByName(named, property);
      await coreApi.create(named, { name: unique, label: unique, groupName, type: 'string', fieldType: 'text', hasUniqueValue: true });
    });

    test('a batch upserts', async () => {
      const old = await ask(basicApi, 'create', 201, { properties: { ...properties('old'), [unique]: 'A-1' }, associations: [] });
      const input = (id) => ({ id, idProperty: unique, properties: properties('new') });
      const answer = await ask(batchApi, 'upsert', 200, { inputs: [input('A-1'), input('A-2')] });
      assert.deepEqual(answer.results.map((record) => [record._new, record.id === old.id]).sort(), [[false, true], [true, false]]);
      const read = await ask(basicApi, 'getById', 200, 'A-1', [property], undefined, undefined, false, unique);
      assert.deepEqual([read.id, read.properties[property]], [old.id, 'new']);
      await refused(batchApi, 'upsert', 400, 'VALIDATION_ERROR', { inputs: [input('A-3'), input('A-3')] });
      await refused(basicApi, 'create', 400, 'VALIDATION_ERROR', { properties: { ...properties('twice'), [unique]: 'A-1' }, associations: [] });
    });
  });

  if (merges) {
    test('two records are merged', async () => {
      const [one, two] = [await create('one'), await create('two')];
      const merged = await ask(basicApi, 'merge', 200, { primaryObjectId: one.id, objectIdToMerge: two.id });
      assert.equal(merged.properties[property], 'one');
      assert.equal((await ask(basicApi, 'getById', 200, two.id)).id, merged.id);
    });
  }

  test('a search finds by value, sorted', async () => {
    const word = fresh('Needle');
    const mine = ids([await create(word), await create(word)]);
    await create(fresh('Hay'));
    const found = await ask(searchApi, 'doSearch', 200, {
      filterGroups: [{ filters: [{ propertyName: property, operator: 'EQ', value: word }] }],
      sorts: ['-hs_object_id'], properties: [property], limit: 10, after: '0',
    });
    assert.equal(found.total, 2);
    assert.deepEqual(found.results.map((record) => record.id), [...mine].reverse());
  });

  test('what the documentation refuses is refused', async () => {
    const body = await refused(basicApi, 'create', 400, 'VALIDATION_ERROR', { properties: { ...properties('Ada'), no_such_property: 'x' }, associations: [] });
    assert.match(body.message, /^Property values were not valid: \[\{.*"error":"PROPERTY_DOESNT_EXIST".*\}\]$/);
    await refused(basicApi, 'update', 404, undefined, '1', { properties: { [property]: 'x' } });
    await refused(basicApi, 'getPage', 400, 'VALIDATION_ERROR', 101);
    const inputs = Array.from({ length: 101 }, (_, i) => ({ id: String(i + 1), properties: {}, associations: [] }));
    for (const method of ['create', 'update', 'archive']) {
      const tooMany = await refused(batchApi, method, 400, 'VALIDATION_ERROR', { inputs });
      assert.match(tooMany.message, /^The maximum number of inputs supported in a batch is 100\./);
    }
    await refused(batchApi, 'read', 400, 'VALIDATION_ERROR', { inputs, properties: [], propertiesWithHistory: [] });
    await refused(batchApi, 'upsert', 400, 'VALIDATION_ERROR', { inputs });
    await refused(searchApi, 'doSearch', 400, 'VALIDATION_ERROR', { filterGroups: [], limit: 201, after: '0', sorts: [], properties: [] });
  });
}

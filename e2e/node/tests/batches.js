// How batches end when some of their inputs cannot be carried out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, fresh, ids, mail, styles } from './clients.js';

const { basicApi, batchApi } = client.crm.contacts;

for (const style of styles) {
  describe(`batches that fail in part, ${style.name}`, () => {
    const { ask, refused } = style;
    const contact = (properties, trace) => ({ properties, associations: [], ...(trace && { objectWriteTraceId: trace }) });

    test('with trace ids the good inputs are created and the others are named', async () => {
      const taken = mail();
      const { id } = await ask(basicApi, 'create', 201, contact({ email: taken }));
      const good = fresh('trace'), invalid = fresh('trace'), double = fresh('trace');
      const answer = await ask(batchApi, 'create', 207, {
        inputs: [contact({ email: mail() }, good), contact({ email: 'nobody' }, invalid), contact({ email: taken }, double)],
      });
      assert.deepEqual(answer.results.map((record) => record.objectWriteTraceId), [good]);
      assert.equal(answer.numErrors, 2);
      const failed = Object.fromEntries(answer.errors.map((error) => [error.context.objectWriteTraceId[0], error]));
      assert.equal(failed[invalid].category, 'VALIDATION_ERROR');
      assert.equal(failed[double].category, 'CONFLICT');
      assert.match(failed[double].message, new RegExp(`Existing ID: ${id}$`));
    });

    test('without trace ids nothing is created', async () => {
      const email = mail();
      await refused(batchApi, 'create', 400, 'VALIDATION_ERROR', { inputs: [contact({ email }), contact({ email: 'nobody' })] });
      await refused(batchApi, 'create', 409, 'CONFLICT', { inputs: [contact({ email }), contact({ email })] });
      await refused(basicApi, 'getById', 404, undefined, email, undefined, undefined, undefined, false, 'email');
    });

    test('a read names all that it did not find', async () => {
      const email = mail();
      const { id } = await ask(basicApi, 'create', 201, contact({ email }));
      const lost = [mail(), mail()].sort();
      const answer = await ask(batchApi, 'read', 207, {
        idProperty: 'email', inputs: [email, ...lost].map((each) => ({ id: each })), properties: ['email'], propertiesWithHistory: [],
      });
      assert.deepEqual(ids(answer.results), [id]);
      assert.equal(answer.numErrors, 1);
      assert.match(answer.errors[0].message, /^Could not get some CONTACT objects/);
      assert.deepEqual(answer.errors[0].context.ids.sort(), lost);
    });

    test('histories are read for fifty records at most', async () => {
      const inputs = Array.from({ length: 51 }, (_, i) => ({ id: String(i + 1) }));
      const body = await refused(batchApi, 'read', 400, 'VALIDATION_ERROR', { inputs, properties: [], propertiesWithHistory: ['email'] });
      assert.match(body.message, /property histories is 50/);
    });

    test('an update names the ids that it did not find', async () => {
      const { id } = await ask(basicApi, 'create', 201, contact({ email: mail() }));
      const answer = await ask(batchApi, 'update', 207, { inputs: [{ id, properties: { firstname: 'Ada' } }, { id: '1', properties: { firstname: 'Nobody' } }] });
      assert.deepEqual(ids(answer.results), [id]);
      assert.deepEqual(answer.errors[0].context.ids, ['1']);
    });

    test('an update by address is refused', async () => {
      const body = await refused(batchApi, 'update', 400, 'VALIDATION_ERROR', { inputs: [{ id: mail(), idProperty: 'email', properties: { firstname: 'Ada' } }] });
      assert.match(body.message, /^Unable to perform update\/upsert by non-unique 0-1 property email/);
    });
  });
}

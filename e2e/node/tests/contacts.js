// What only contacts have: addresses, the lifecycle stage.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, fresh, mail, styles } from './clients.js';

const { basicApi, batchApi } = client.crm.contacts;

for (const style of styles) {
  describe(`contacts alone, ${style.name}`, () => {
    const { ask, refused } = style;
    const create = (properties) => ask(basicApi, 'create', 201, { properties, associations: [] });

    test('an address finds its contact, whatever its case', async () => {
      const email = mail();
      const { id } = await create({ email: email.toUpperCase(), firstname: 'Ada' });
      const read = await ask(basicApi, 'getById', 200, email, ['firstname'], undefined, undefined, false, 'email');
      assert.equal(read.id, id);
      const updated = await ask(basicApi, 'update', 200, email, { properties: { firstname: 'Grace' } }, 'email');
      assert.equal(updated.properties.firstname, 'Grace');
      const { results } = await ask(batchApi, 'read', 200, { idProperty: 'email', inputs: [{ id: email }], properties: ['email'], propertiesWithHistory: [] });
      assert.deepEqual(results.map((record) => [record.id, record.properties.email]), [[id, email]]);
    });

    test('an address is taken once', async () => {
      const email = mail();
      const { id } = await create({ email });
      const body = await refused(basicApi, 'create', 409, 'CONFLICT', { properties: { email }, associations: [] });
      assert.equal(body.message, `Contact already exists. Existing ID: ${id}`);
      const other = await create({ email: mail() });
      await refused(basicApi, 'update', 409, 'CONFLICT', other.id, { properties: { email } });
      await ask(basicApi, 'archive', 204, id);
      assert.notEqual((await create({ email })).id, id);
    });

    test('a unique property finds its contact and is taken once', async () => {
      const number = fresh('C-');
      const { id } = await create({ email: mail(), customer_number: number });
      const read = await ask(basicApi, 'getById', 200, number, ['customer_number'], undefined, undefined, false, 'customer_number');
      assert.equal(read.id, id);
      await refused(basicApi, 'create', 400, 'VALIDATION_ERROR', { properties: { email: mail(), customer_number: number }, associations: [] });
      const inputs = [{ id: number, idProperty: 'customer_number', properties: { firstname: 'Ada' } }];
      assert.equal((await ask(batchApi, 'update', 200, { inputs })).results[0].id, id);
      const added = { id: fresh('C-'), idProperty: 'customer_number', properties: { email: mail() } };
      const { results } = await ask(batchApi, 'upsert', 200, { inputs: [...inputs, added] });
      assert.deepEqual(results.map((record) => record._new).sort(), [false, true]);
    });

    test('values are refused by their property', async () => {
      const codes = async (properties) => (await refused(basicApi, 'create', 400, 'VALIDATION_ERROR', { properties, associations: [] })).errors.map((e) => e.code);
      assert.deepEqual(await codes({ email: 'nobody' }), ['INVALID_EMAIL']);
      assert.deepEqual(await codes({ email: mail(), lifecyclestage: 'Customer' }), ['INVALID_OPTION']);
      assert.deepEqual(await codes({ email: mail(), hs_object_id: '1' }), ['READ_ONLY_VALUE']);
      assert.deepEqual((await codes({ email: mail(), nowhere: 'x', neither: 'y' })).sort(), ['PROPERTY_DOESNT_EXIST', 'PROPERTY_DOESNT_EXIST']);
    });

    test('an empty text clears, and a cleared property reads null', async () => {
      const { id } = await create({ email: mail(), firstname: 'Ada' });
      await ask(basicApi, 'update', 200, id, { properties: { firstname: '' } });
      const { properties } = await ask(basicApi, 'getById', 200, id, ['firstname', 'lastname', 'no_such_property']);
      assert.equal(properties.firstname, null);
      assert.equal(properties.lastname, null);
      assert.ok(!('no_such_property' in properties));
    });

    test('the lifecycle stage moves forward alone, and back after it was cleared', async () => {
      const { id } = await create({ email: mail(), lifecyclestage: 'customer' });
      const set = (stage) => ask(basicApi, 'update', 200, id, { properties: { lifecyclestage: stage } });
      const stage = async () => (await ask(basicApi, 'getById', 200, id, ['lifecyclestage'])).properties.lifecyclestage;
      await set('lead');
      assert.equal(await stage(), 'customer');
      await set('');
      await set('lead');
      assert.equal(await stage(), 'lead');
    });

    test('a merged contact answers to both ids and both addresses', async () => {
      const [one, two] = [mail(), mail()];
      const primary = await create({ email: one, firstname: 'Ada' });
      const other = await create({ email: two, firstname: 'Grace', lastname: 'Hopper' });
      const merged = await ask(basicApi, 'merge', 200, { primaryObjectId: primary.id, objectIdToMerge: other.id });
      for (const key of [primary.id, other.id]) {
        assert.equal((await ask(basicApi, 'getById', 200, key)).id, merged.id);
      }
      const read = await ask(basicApi, 'getById', 200, two, ['email', 'firstname', 'lastname', 'hs_additional_emails'], undefined, undefined, false, 'email');
      assert.equal(read.id, merged.id);
      const { email, firstname, lastname, hs_additional_emails: more } = read.properties;
      assert.deepEqual([email, firstname, lastname, more], [one, 'Ada', 'Hopper', two]);
      await refused(basicApi, 'create', 409, 'CONFLICT', { properties: { email: two }, associations: [] });
      await refused(basicApi, 'merge', 400, 'VALIDATION_ERROR', { primaryObjectId: merged.id, objectIdToMerge: merged.id });
    });

    test('a permanently deleted contact is nowhere', async () => {
      const [one, two] = [mail(), mail()];
      const byID = await create({ email: one });
      const byEmail = await create({ email: two });
      await ask(basicApi, 'purge', 204, { objectId: byID.id });
      await ask(basicApi, 'purge', 204, { objectId: two, idProperty: 'email' });
      for (const { id } of [byID, byEmail]) {
        await ask(batchApi, 'read', 207, { inputs: [{ id }], properties: [], propertiesWithHistory: [] });
        await ask(batchApi, 'read', 207, { inputs: [{ id }], properties: [], propertiesWithHistory: [] }, true);
      }
    });

    test('what is no id is not found', async () => {
      const body = await refused(basicApi, 'getById', 404, 'OBJECT_NOT_FOUND', 'ada@example.com');
      assert.match(body.message, /objectId are usually numeric/);
      await refused(basicApi, 'getById', 404, undefined, mail(), undefined, undefined, undefined, false, 'email');
    });
  });
}

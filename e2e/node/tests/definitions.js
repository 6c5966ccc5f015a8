// Property definitions and their groups.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, fresh, mail, styles } from './clients.js';

const { crm } = client;
const { batchApi, coreApi, groupsApi } = crm.properties;

for (const style of styles) {
  describe(`properties, ${style.name}`, () => {
    const { ask, refused } = style;
    const plan = (name) => ({
      name, label: 'Plan', groupName: 'contactinformation', type: 'enumeration', fieldType: 'select',
      options: [{ label: 'Small', value: 's', displayOrder: 0, hidden: false }, { label: 'Large', value: 'l', displayOrder: 1, hidden: false }],
    });

    test('all properties are listed, and one is read', async () => {
      const { results } = await ask(coreApi, 'getAll', 200, 'contacts');
      assert.ok(results.length > 300);
      const stage = results.find((property) => property.name === 'lifecyclestage');
      assert.deepEqual(await ask(coreApi, 'getByName', 200, 'contacts', 'lifecyclestage'), stage);
      assert.ok(stage.options.some((option) => option.value === 'lead'));
      assert.equal(results.find((property) => property.name === 'hs_object_id').modificationMetadata.readOnlyValue, true);
      assert.equal(results.find((property) => property.name === 'customer_number').hasUniqueValue, true);
    });

    test('a property is created, used, changed and archived', async () => {
      const name = fresh('plan_');
      const created = await ask(coreApi, 'create', 201, 'contacts', plan(name));
      assert.deepEqual([created.name, created.options.map((option) => option.value)], [name, ['s', 'l']]);
      assert.ok(created.createdAt instanceof Date);
      const contact = await crm.contacts.basicApi.create({ properties: { email: mail(), [name]: 's' }, associations: [] });
      await refused(crm.contacts.basicApi, 'update', 400, 'VALIDATION_ERROR', contact.id, { properties: { [name]: 'x' } });

      const more = [...plan(name).options, { label: 'Huge', value: 'x', displayOrder: 2, hidden: false }];
      const updated = await ask(coreApi, 'update', 200, 'contacts', name, { options: more });
      assert.deepEqual([updated.label, updated.options.map((option) => option.value)], ['Plan', ['s', 'l', 'x']]);
      await crm.contacts.basicApi.update(contact.id, { properties: { [name]: 'x' } });

      await ask(coreApi, 'archive', 204, 'contacts', name);
      await refused(coreApi, 'getByName', 404, 'OBJECT_NOT_FOUND', 'contacts', name);
      assert.equal((await ask(coreApi, 'getByName', 200, 'contacts', name, true)).archived, true);
      const { results } = await ask(coreApi, 'getAll', 200, 'contacts', true);
      assert.ok(results.some((property) => property.name === name));
    });

    test('a batch defines, reads and archives', async () => {
      const names = [fresh('plan_'), fresh('plan_')];
      const created = await ask(batchApi, 'create', 201, 'contacts', { inputs: names.map(plan) });
      assert.deepEqual(created.results.map((property) => property.name).sort(), names);
      const wanted = { archived: false, inputs: [...names, 'no_such_property'].map((name) => ({ name })) };
      const read = await ask(batchApi, 'read', 207, 'contacts', wanted);
      assert.deepEqual(read.results.map((property) => property.name).sort(), names);
      assert.equal(read.errors[0].category, 'OBJECT_NOT_FOUND');
      await ask(batchApi, 'archive', 204, 'contacts', { inputs: names.map((name) => ({ name })) });
      await refused(coreApi, 'getByName', 404, 'OBJECT_NOT_FOUND', 'contacts', names[0]);
    });

    test('groups are created, listed, changed and archived', async () => {
      const name = fresh('group_');
      await ask(groupsApi, 'create', 201, 'contacts', { name, label: 'Ours', displayOrder: 7 });
      const { results } = await ask(groupsApi, 'getAll', 200, 'contacts');
      assert.ok(results.some((group) => group.name === name) && results.some((group) => group.name === 'contactinformation'));
      await ask(groupsApi, 'update', 200, 'contacts', name, { label: 'Theirs' });
      assert.equal((await ask(groupsApi, 'getByName', 200, 'contacts', name)).label, 'Theirs');

      const property = { ...plan(fresh('plan_')), groupName: name };
      await coreApi.create('contacts', property);
      await refused(groupsApi, 'archive', 400, undefined, 'contacts', name);
      await coreApi.archive('contacts', property.name);
      await ask(groupsApi, 'archive', 204, 'contacts', name);
      await refused(groupsApi, 'getByName', 404, 'OBJECT_NOT_FOUND', 'contacts', name);
    });

    test('what the documentation refuses is refused', async () => {
      await refused(coreApi, 'getByName', 404, 'OBJECT_NOT_FOUND', 'contacts', 'no_such_property');
      const taken = await refused(coreApi, 'create', 409, 'OBJECT_ALREADY_EXISTS', 'contacts', plan('lifecyclestage'));
      assert.equal(taken.subCategory, 'Properties.PROPERTY_WITH_NAME_EXISTS');
      await refused(coreApi, 'create', 400, 'VALIDATION_ERROR', 'contacts', { ...plan(fresh('plan_')), type: 'number' });
      await refused(coreApi, 'update', 404, 'OBJECT_NOT_FOUND', 'contacts', 'no_such_property', { label: 'x' });
    });
  });
}

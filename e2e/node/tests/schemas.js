// Custom object types: their schemas, and records of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, fresh, mail, styles } from './clients.js';

const { crm } = client;
const { coreApi } = crm.schemas;

for (const style of styles) {
  describe(`custom objects, ${style.name}`, () => {
    const { ask, refused } = style;
    const engine = (name) => ({
      name, labels: { singular: 'Engine', plural: 'Engines' }, primaryDisplayProperty: 'serial', requiredProperties: ['serial'],
      properties: [{ name: 'serial', label: 'Serial', type: 'string', fieldType: 'text', hasUniqueValue: true }],
      associatedObjects: ['CONTACT'],
    });

    test('a type is created, has records and associations, is changed and archived', async () => {
      const name = fresh('engine_');
      const schema = await ask(coreApi, 'create', 201, engine(name));
      assert.match(schema.objectTypeId, /^2-\d+$/);
      assert.ok(schema.properties.some((property) => property.name === 'serial'));
      assert.ok(schema.createdAt instanceof Date);
      const type = schema.objectTypeId;
      assert.ok((await ask(coreApi, 'getAll', 200)).results.some((one) => one.name === name));
      assert.equal((await ask(coreApi, 'getById', 200, schema.fullyQualifiedName)).objectTypeId, type);

      const record = await ask(crm.objects.basicApi, 'create', 201, type, { properties: { serial: 'E-1' }, associations: [] });
      assert.equal((await ask(crm.objects.basicApi, 'getById', 200, type, 'E-1', ['serial'], undefined, undefined, false, 'serial')).id, record.id);
      await refused(crm.objects.basicApi, 'create', 400, 'VALIDATION_ERROR', type, { properties: { serial: 'E-1' }, associations: [] });
      const contact = await crm.contacts.basicApi.create({ properties: { email: mail() }, associations: [] });
      await ask(crm.associations.v4.basicApi, 'createDefault', 200, type, record.id, 'contacts', contact.id);
      const { results } = await ask(crm.associations.v4.basicApi, 'getPage', 200, 'contacts', contact.id, type);
      assert.deepEqual(results.map((row) => String(row.toObjectId)), [record.id]);

      const changed = await ask(coreApi, 'update', 200, type, { labels: { singular: 'Motor', plural: 'Motors' } });
      assert.equal(changed.labels.plural, 'Motors');
      await crm.objects.basicApi.archive(type, record.id);
      await ask(coreApi, 'archive', 204, type);
      await refused(coreApi, 'getById', 404, 'OBJECT_NOT_FOUND', type);
    });

    test('what cannot be a type is refused', async () => {
      const name = fresh('engine_');
      const { objectTypeId } = await ask(coreApi, 'create', 201, engine(name));
      await refused(coreApi, 'create', 409, 'OBJECT_ALREADY_EXISTS', engine(name));
      await refused(coreApi, 'create', 400, 'VALIDATION_ERROR', engine('no name'));
      await refused(coreApi, 'getById', 404, 'OBJECT_NOT_FOUND', '2-1');
      await ask(coreApi, 'archive', 204, objectTypeId);
    });
  });
}

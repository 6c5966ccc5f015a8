// Property definitions.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, styles } from './clients.js';

const { coreApi } = client.crm.properties;

for (const style of styles) {
  describe(`properties, ${style.name}`, () => {
    const { ask, refused } = style;

    test('all properties are listed, and one is read', async () => {
      const { results } = await ask(coreApi, 'getAll', 200, 'contacts');
      assert.ok(results.length > 300);
      const stage = results.find((property) => property.name === 'lifecyclestage');
      assert.deepEqual(await ask(coreApi, 'getByName', 200, 'contacts', 'lifecyclestage'), stage);
      assert.ok(stage.options.some((option) => option.value === 'lead'));
      assert.equal(results.find((property) => property.name === 'hs_object_id').modificationMetadata.readOnlyValue, true);
      assert.equal(results.find((property) => property.name === 'customer_number').hasUniqueValue, true);
    });

    test('an unknown property is not found', async () => {
      await refused(coreApi, 'getByName', 404, 'OBJECT_NOT_FOUND', 'contacts', 'no_such_property');
    });
  });
}

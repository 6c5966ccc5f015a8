// Associations: v4 by pair and in batches, their labels, and the batches of v3.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, fresh, mail, styles } from './clients.js';

const { crm } = client;
const { basicApi, batchApi } = crm.associations.v4;
const { definitionsApi } = crm.associations.v4.schema;

// The client writes the end where an association begins as _from, since from is a word of its own language.
const unlabeled = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 };
const primary = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 };

for (const style of styles) {
  describe(`associations, ${style.name}`, () => {
    const { ask, refused } = style;

    const records = async () => {
      const contact = await crm.contacts.basicApi.create({ properties: { email: mail() }, associations: [] });
      const company = await crm.companies.basicApi.create({ properties: { domain: fresh('firm') + '.example.com' }, associations: [] });
      return [contact.id, company.id];
    };
    const typesOf = async (contact) => {
      const { results } = await ask(basicApi, 'getPage', 200, 'contacts', contact, 'companies');
      return results.flatMap((row) => row.associationTypes.map((type) => type.typeId));
    };

    test('one pair is associated, labelled, read and dissociated', async () => {
      const [contact, company] = await records();
      const { results } = await ask(basicApi, 'createDefault', 200, 'contacts', contact, 'companies', company);
      assert.deepEqual(results.map((row) => row.associationSpec.associationTypeId).sort(), [279, 280]);
      const labelled = await ask(basicApi, 'create', 201, 'contacts', contact, 'companies', company, [primary]);
      assert.deepEqual([String(labelled.fromObjectId), String(labelled.toObjectId), labelled.labels], [contact, company, ['Primary']]);
      assert.deepEqual(await typesOf(contact), [1, 279]);
      await ask(basicApi, 'archive', 204, 'contacts', contact, 'companies', company);
      assert.deepEqual(await typesOf(contact), []);
    });

    test('a list of associations comes in pages', async () => {
      const [contact] = await records();
      const companies = await Promise.all([1, 2, 3].map(async () => (await records())[1]));
      for (const company of companies) await ask(basicApi, 'createDefault', 200, 'contacts', contact, 'companies', company);
      const seen = [];
      let after;
      do {
        const page = await ask(basicApi, 'getPage', 200, 'contacts', contact, 'companies', after, 2);
        assert.ok(page.results.length <= 2);
        seen.push(...page.results.map((row) => String(row.toObjectId)));
        after = page.paging?.next?.after;
      } while (after);
      assert.deepEqual(seen.sort(), companies.sort());
    });

    test('a batch associates, reads, takes labels away and dissociates', async () => {
      const [contact, company] = await records();
      const [alone] = await records();
      const pair = { _from: { id: contact }, to: { id: company } };
      const made = await ask(batchApi, 'create', 201, 'contacts', 'companies', { inputs: [{ ...pair, types: [primary] }] });
      assert.deepEqual(made.results.map((row) => row.labels), [['Primary']]);
      await ask(batchApi, 'createDefault', 200, 'contacts', 'companies', { inputs: [pair] });

      const read = await ask(batchApi, 'getPage', 207, 'contacts', 'companies', { inputs: [{ id: contact }, { id: alone }] });
      assert.deepEqual(read.results.map((row) => [row._from.id, row.to.map((to) => String(to.toObjectId))]), [[contact, [company]]]);
      assert.equal(read.errors[0].subCategory, 'crm.associations.NO_ASSOCIATIONS_FOUND');

      await ask(batchApi, 'archiveLabels', 204, 'contacts', 'companies', { inputs: [{ ...pair, types: [primary] }] });
      assert.deepEqual(await typesOf(contact), [279]);
      await ask(batchApi, 'archive', 204, 'contacts', 'companies', { inputs: [{ _from: { id: contact }, to: [{ id: company }] }] });
      assert.deepEqual(await typesOf(contact), []);
    });

    test('a batch names the pairs that it could not associate', async () => {
      const [contact, company] = await records();
      const inputs = [company, '1'].map((to) => ({ _from: { id: contact }, to: { id: to }, types: [unlabeled] }));
      const answer = await ask(batchApi, 'create', 207, 'contacts', 'companies', { inputs });
      assert.equal(answer.results.length, 1);
      assert.equal(answer.errors[0].category, 'OBJECT_NOT_FOUND');
    });

    test('the limits of a batch hold', async () => {
      const many = (length, one) => ({ inputs: Array.from({ length }, () => one) });
      const pair = { _from: { id: '1' }, to: { id: '2' } };
      await refused(batchApi, 'create', 400, 'VALIDATION_ERROR', 'contacts', 'companies', many(2001, { ...pair, types: [primary] }));
      await refused(batchApi, 'getPage', 400, 'VALIDATION_ERROR', 'contacts', 'companies', many(1001, { id: '1' }));
    });

    test('a contact is created with an association', async () => {
      const [, company] = await records();
      const contact = await ask(crm.contacts.basicApi, 'create', 201, { properties: { email: mail() }, associations: [{ to: { id: company }, types: [primary] }] });
      const read = await ask(crm.contacts.basicApi, 'getById', 200, contact.id, undefined, undefined, ['companies']);
      assert.deepEqual(
        read.associations.companies.results.map((row) => [row.id, row.type]).sort(),
        [[company, 'contact_to_company'], [company, 'contact_to_company_unlabeled']],
      );
    });

    test('the labels of a pair of types are listed', async () => {
      const { results } = await ask(definitionsApi, 'getAll', 200, 'contacts', 'companies');
      const labels = Object.fromEntries(results.map((row) => [row.label, row]));
      assert.equal(labels.Primary.typeId, 1);
      assert.equal(labels.null.typeId, 279);
      assert.equal(labels['Decision maker'].category, 'USER_DEFINED');
    });

    test('a label is created, put on a pair, renamed and removed', async () => {
      const label = fresh('Mentor ');
      const { results } = await ask(definitionsApi, 'create', 200, 'contacts', 'companies', { label, name: fresh('mentor_'), inverseLabel: `${label} of` });
      assert.deepEqual(results.map((row) => [row.category, row.label]), [['USER_DEFINED', label], ['USER_DEFINED', `${label} of`]]);
      const spec = { associationCategory: 'USER_DEFINED', associationTypeId: results[0].typeId };
      const [contact, company] = await records();
      const labelled = await ask(basicApi, 'create', 201, 'contacts', contact, 'companies', company, [spec]);
      assert.deepEqual(labelled.labels, [label]);

      await ask(definitionsApi, 'update', 204, 'contacts', 'companies', { associationTypeId: spec.associationTypeId, label: `${label}!` });
      const { results: [row] } = await ask(basicApi, 'getPage', 200, 'contacts', contact, 'companies');
      assert.ok(row.associationTypes.some((type) => type.label === `${label}!`));

      await ask(definitionsApi, 'remove', 204, 'contacts', 'companies', spec.associationTypeId);
      assert.deepEqual(await typesOf(contact), [279]);
      await refused(definitionsApi, 'update', 400, 'VALIDATION_ERROR', 'contacts', 'companies', { associationTypeId: spec.associationTypeId, label });
    });

    test('the batches of v3 name their types', async () => {
      const { batchApi: v3 } = crm.associations;
      const [contact, company] = await records();
      const inputs = [{ _from: { id: contact }, to: { id: company }, type: 'contact_to_company' }];
      const made = await ask(v3, 'create', 201, 'contacts', 'companies', { inputs });
      assert.deepEqual(made.results.map((row) => [row._from.id, row.to.id, row.type]), [[contact, company, 'contact_to_company']]);
      assert.deepEqual(await typesOf(contact), [1, 279]);
      const read = await ask(v3, 'read', 200, 'contacts', 'companies', { inputs: [{ id: contact }] });
      assert.deepEqual(read.results[0].to.map((row) => row.type).sort(), ['contact_to_company', 'contact_to_company_unlabeled']);
      await ask(v3, 'archive', 204, 'contacts', 'companies', { inputs });
      assert.deepEqual(await typesOf(contact), [279]);
      const { results } = await ask(crm.associations.schema.typesApi, 'getAll', 200, 'contacts', 'companies');
      assert.ok(results.some((type) => type.name === 'contact_to_company' && type.id === '1'));
    });
  });
}

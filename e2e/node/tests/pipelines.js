// Pipelines and their stages: the lifecycle of contacts can be changed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, fresh, mail, styles } from './clients.js';

const { crm } = client;
const { pipelinesApi, pipelineStagesApi } = crm.pipelines;

for (const style of styles) {
  describe(`pipelines, ${style.name}`, () => {
    const { ask, refused } = style;

    test('pipelines and their stages are listed and read', async () => {
      for (const [type, property] of [['contacts', 'lifecyclestage'], ['deals', 'dealstage'], ['tickets', 'hs_pipeline_stage']]) {
        const { results: [pipeline] } = await ask(pipelinesApi, 'getAll', 200, type);
        assert.deepEqual(await ask(pipelinesApi, 'getById', 200, type, pipeline.id), pipeline);
        const { results: stages } = await ask(pipelineStagesApi, 'getAll', 200, type, pipeline.id);
        assert.deepEqual(stages, pipeline.stages);
        assert.deepEqual(await ask(pipelineStagesApi, 'getById', 200, type, pipeline.id, stages[0].id), stages[0]);
        const { options } = await crm.properties.coreApi.getByName(type, property);
        assert.deepEqual(stages.map((stage) => stage.id).sort(), options.map((option) => option.value).sort());
      }
    });

    test('a lifecycle stage is added, used, renamed and removed', async () => {
      const { results: [{ id }] } = await pipelinesApi.getAll('contacts');
      const stage = await ask(pipelineStagesApi, 'create', 201, 'contacts', id, { label: fresh('Alumni '), displayOrder: 90, metadata: {} });
      const contact = await crm.contacts.basicApi.create({ properties: { email: mail(), lifecyclestage: stage.id }, associations: [] });
      assert.equal(contact.properties.lifecyclestage, stage.id);

      const label = fresh('Friends ');
      assert.equal((await ask(pipelineStagesApi, 'update', 200, 'contacts', id, stage.id, { label })).label, label);
      assert.equal((await ask(pipelineStagesApi, 'replace', 200, 'contacts', id, stage.id, { label: stage.label, displayOrder: 91, metadata: {} })).label, stage.label);

      await crm.contacts.basicApi.archive(contact.id);
      await ask(pipelineStagesApi, 'archive', 204, 'contacts', id, stage.id);
      await refused(pipelineStagesApi, 'getById', 404, 'OBJECT_NOT_FOUND', 'contacts', id, stage.id);
      await refused(crm.contacts.basicApi, 'create', 400, 'VALIDATION_ERROR', { properties: { email: mail(), lifecyclestage: stage.id }, associations: [] });
    });

    test('what does not exist is not found', async () => {
      await refused(pipelinesApi, 'getById', 404, 'OBJECT_NOT_FOUND', 'contacts', 'no-such-pipeline');
    });
  });
}

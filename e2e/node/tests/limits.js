// What the client itself does when the portal's limits refuse it: it waits and asks again.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { retrying, waits } from './clients.js';

describe('limits', () => {
  test('the client outlasts the limit of ten seconds', async () => {
    const waited = await waits(() => retrying('PORTAL_LIMITED', async ({ crm }) => {
      for (let n = 0; n < 110; n++) assert.deepEqual((await crm.contacts.basicApi.getPage(1)).results, []);
    }));
    assert.ok(waited.some((line) => line.includes('[429]') && line.includes('[10000] ms')), `it told: ${waited}`);
  });

  test('the client outlasts the limit of searches', async () => {
    const request = { filterGroups: [], limit: 1, after: '0', sorts: [], properties: [] };
    const waited = await waits(() => retrying('PORTAL_LIMITED', async ({ crm }) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => crm.contacts.searchApi.doSearch(request)));
      assert.deepEqual(answers.map((answer) => answer.total), Array(8).fill(0));
    }));
    assert.ok(waited.some((line) => line.includes('[429]') && line.includes('[1000] ms')), `it told: ${waited}`);
  });
});

// What the client makes of a portal's bad days, by itself and with its own retries.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mail, refused, retrying, untiring, waits } from './clients.js';

describe('faults', () => {
  const plain = (use) => untiring('PORTAL_FAULTY', use);

  test('a server that fails is asked again', async () => {
    const waited = await waits(() => retrying('PORTAL_FAULTY', async ({ crm }) => {
      assert.deepEqual((await crm.companies.basicApi.getPage()).results, []);
    }));
    assert.deepEqual(waited.map((line) => line.match(/\[503\].*\[200\] ms/) !== null), [true, true]);
  });

  test('a create that was carried out and answered with 500 is sent again, and then a conflict', async () => {
    await waits(() => retrying('PORTAL_FAULTY', async ({ crm }) => {
      const body = await refused(crm.contacts.basicApi, 'create', 409, 'CONFLICT', { properties: { email: mail() }, associations: [] });
      assert.match(body.message, /Existing ID: \d+$/);
    }));
  });

  test('a missing scope is named', () => plain(async ({ crm }) => {
    const body = await refused(crm.deals.basicApi, 'getPage', 403, 'MISSING_SCOPES');
    assert.deepEqual(body.errors[0].context.requiredGranularScopes, ['crm.objects.deals.read']);
    assert.equal(body.links.scopes, 'https://developers.hubspot.com/scopes');
  }));

  test('a token that was revoked is refused', () => plain(async ({ crm }) => {
    await refused(crm.tickets.basicApi, 'getPage', 401, 'INVALID_AUTHENTICATION');
  }));

  test('the limit of the day is not waited for', async () => {
    const waited = await waits(() => retrying('PORTAL_FAULTY', async ({ crm }) => {
      const body = await refused(crm.contacts.batchApi, 'read', 429, 'RATE_LIMITS', { inputs: [{ id: '1' }], properties: [], propertiesWithHistory: [] });
      assert.equal(body.policyName, 'DAILY');
    }));
    assert.deepEqual(waited, []);
  });

  test('a lock is told by its status', () => plain(async ({ crm }) => {
    await assert.rejects(crm.owners.ownersApi.getPage(), { code: 423 });
  }));
});

// Owners and the account.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client } from '@hubspot/api-client';
import { client, portal, styles } from './clients.js';

const { ownersApi } = client.crm.owners;

for (const style of styles) {
  describe(`owners, ${style.name}`, () => {
    const { ask, refused } = style;

    test('owners are listed, by pages, by address, and archived ones apart', async () => {
      const first = await ask(ownersApi, 'getPage', 200, undefined, undefined, 1);
      assert.equal(first.results.length, 1);
      const second = await ask(ownersApi, 'getPage', 200, undefined, first.paging.next.after, 1);
      assert.deepEqual([...first.results, ...second.results].map((owner) => owner.email).sort(), ['raj@acme.example', 'sofia@acme.example']);
      const { results: [sofia] } = await ask(ownersApi, 'getPage', 200, 'sofia@acme.example');
      assert.equal(sofia.lastName, 'Núñez');
      const { results: archived } = await ask(ownersApi, 'getPage', 200, undefined, undefined, 100, true);
      assert.deepEqual(archived.map((owner) => owner.email), ['gone@acme.example']);
    });

    test('one owner is read by its id', async () => {
      const { results: [raj] } = await ask(ownersApi, 'getPage', 200, 'raj@acme.example');
      assert.equal((await ask(ownersApi, 'getById', 200, raj.id)).email, 'raj@acme.example');
      await refused(ownersApi, 'getById', 404, 'OBJECT_NOT_FOUND', 1);
      const { results: [gone] } = await ask(ownersApi, 'getPage', 200, undefined, undefined, 1, true);
      await refused(ownersApi, 'getById', 404, 'OBJECT_NOT_FOUND', gone.id);
      assert.equal((await ask(ownersApi, 'getById', 200, gone.id, 'id', true)).archived, true);
    });
  });
}

// The client has no class for the account; its generic request reaches it.
describe('the account', () => {
  const get = async (path) => {
    const response = await client.apiRequest({ path });
    return [response.status, response.headers.get('content-type'), await response.text()];
  };

  test('says which portal it is', async () => {
    const [status, , body] = await get('/account-info/v3/details');
    assert.equal(status, 200);
    assert.equal(JSON.parse(body).portalId, 241234567);
    assert.deepEqual(JSON.parse((await get('/account-info/2026-09/details'))[2]), JSON.parse(body));
  });

  test('is asked with a token alone', async () => {
    const response = await new Client({ basePath: portal }).apiRequest({ path: '/account-info/v3/details' });
    assert.equal(response.status, 401);
    assert.equal((await response.json()).category, 'INVALID_AUTHENTICATION');
  });

  test('what is no path answers with a page', async () => {
    const [status, type, body] = await get('/crm/v3/nothing');
    assert.equal(status, 404);
    assert.match(type, /^text\/html/);
    assert.match(body, /^<html>/);
  });
});

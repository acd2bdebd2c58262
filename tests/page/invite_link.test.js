/** By which address the link of a new invite leads to the house. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inviteLink, isHereOnly } from '../../src/teahouse/web/invite_link.js';

const made = (...reached_at) => ({ key: 'k-1_', reached_at });

test('the link has the address at which the page is open', () => {
  assert.equal(inviteLink(made('http://192.0.2.7:8000'), 'http://tea.local:8000/'), 'http://tea.local:8000/#invite=k-1_');
  assert.equal(inviteLink(made('http://127.0.0.1:8000'), 'https://example.org/chat/'), 'https://example.org/chat/#invite=k-1_');
});

test('from the house\'s own machine the link has the address by which others reach it', () => {
  for (const page of ['http://127.0.0.1:8000/', 'http://localhost:8000/', 'http://[::1]:8000/']) {
    assert.equal(inviteLink(made('http://192.0.2.7:8000', 'http://192.0.2.8:8000'), page), 'http://192.0.2.7:8000/#invite=k-1_');
    assert.equal(inviteLink(made('https://example.org/chat'), page), 'https://example.org/chat/#invite=k-1_');
    assert.equal(inviteLink(made(), page), `${page}#invite=k-1_`);
  }
});

test('a link that opens on this machine alone is known', () => {
  assert.deepEqual(['http://127.0.0.1:8000/', 'http://localhost/', 'http://[::1]:8000/', 'http://tea.local/', 'https://127.example.org/'].map(isHereOnly),
    [true, true, true, false, false]);
});

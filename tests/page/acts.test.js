/** What counts as having gone elsewhere while an answer was under way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acts } from '../../src/teahouse/web/acts.js';

function setUp() {
  const page = new EventTarget();
  const act = (type, fields = {}) => page.dispatchEvent(Object.assign(new Event(type), fields));
  return { acts: new Acts(page), act };
}

test('keys, clicks, writing and going back each end a mark, for good', () => {
  for (const type of ['keydown', 'pointerdown', 'click', 'input', 'popstate']) {
    const { acts, act } = setUp();
    const isStill = acts.mark();
    assert.equal(isStill(), true);
    act(type);
    assert.equal(isStill(), false, type);
    assert.equal(acts.mark()(), true, 'the next one begins anew');
    assert.equal(isStill(), false);
  }
});

test('a mark that is taken while an act is handled outlives that act', () => {
  const page = new EventTarget();
  const acts = new Acts(page);
  let isStill = () => false;
  page.addEventListener('click', () => (isStill = acts.mark()));
  page.dispatchEvent(new Event('click'));
  assert.equal(isStill(), true);
});

test('who looks at another window and comes back has done nothing here', () => {
  const { acts, act } = setUp();
  const isStill = acts.mark();
  for (const key of ['Alt', 'Control', 'Meta', 'Shift']) act('keydown', { key });
  for (const type of ['blur', 'focus', 'pointermove', 'scroll']) act(type);
  assert.equal(isStill(), true);
  act('keydown', { key: 'a' });
  assert.equal(isStill(), false);
});

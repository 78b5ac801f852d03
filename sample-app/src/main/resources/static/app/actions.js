// A thing to do: a button, or a small form, and one sentence on what to expect.

import { make, mark, write } from './dom.js';
import { say } from './api.js';

let lastId = 0;

/**
 * Makes an action. What cannot be done stays in the tab order and says why, instead of being silently grey.
 *
 * @param text on the button
 * @param expect one sentence on what will happen
 * @param run called when it is asked for
 * @param fields inputs to show before the button
 */
export function action({ text, expect, run, fields = [], danger = false }) {
  const id = `expect-${++lastId}`;
  const button = make('button', { type: 'submit', className: danger ? 'danger' : '', 'aria-describedby': id }, text);
  const sentence = make('p', { id, className: 'expect' }, expect);
  const form = make('form', { className: 'action', noValidate: true },
    make('div', { className: 'ask' }, ...fields, button), sentence);
  let reason = 'There is no picture yet: wait until this member has answered.';
  let busy = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (reason !== null) {
      say('refused', reason);
      return;
    }
    if (busy) return;
    busy = true;
    mark(form, 'aria-busy', 'true');
    try {
      await run();
    } finally {
      busy = false;
      mark(form, 'aria-busy', null);
    }
  });
  return {
    form,
    /**
     * Why it cannot be done now, null where it can. The reason takes the place of the sentence, save where it is said
     * in a place of its own for several actions.
     */
    refuse(why, place = null) {
      reason = why;
      mark(button, 'aria-disabled', why === null ? null : 'true');
      mark(button, 'aria-describedby', why !== null && place ? `${place} ${id}` : id);
      write(sentence, why === null || place ? expect : `Not available: ${why}`);
    },
    /** Another text and sentence, for a button that undoes what it did. */
    become(newText, newExpect) {
      write(button, newText);
      expect = newExpect;
    },
  };
}

export function field(label, props) {
  return make('label', { className: 'field' }, make('span', {}, label), make('input', props));
}

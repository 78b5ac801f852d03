// Asks the server to do something, and says how it went.

import { byId, write } from './dom.js';

const PATIENCE_MILLIS = 20000;

export async function ask(path, body = {}) {
  try {
    const response = await fetch(`api/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? `The server answered ${response.status}.`);
    say('done', answer.text);
    return true;
  } catch (error) {
    say('refused', reason(error));
    return false;
  }
}

function reason(error) {
  if (error.name === 'TimeoutError') return `No answer in ${PATIENCE_MILLIS / 1000} s; close other tabs of this page and try again.`;
  return error.name === 'TypeError' ? 'This member does not answer. Does the application still run?' : error.message;
}

byId('close-answer').addEventListener('click', closeAnswer);
addEventListener('keydown', event => {
  if (event.key === 'Escape') closeAnswer();
});

/** Takes away the last answer, where it is about something that is over. */
export function closeAnswer() {
  write(byId('done'), '');
  write(byId('refused'), '');
}

/** One of the two places is filled, so that the last answer is the one to read. */
export function say(place, text) {
  write(byId(place === 'done' ? 'refused' : 'done'), '');
  write(byId(place), text);
}

// The speed of the page: live, slow motion, or one step at a time.

import { byId, write } from './dom.js';
import { setSpeed } from './hops.js';
import { setRate } from './words.js';

const EXPLAINED = {
  live: '',
  slow: 'Five times slower',
  step: 'Stopped: press “Next step” for the next packet or event',
};

/** Connects the controls with the playback; draw is called after a change. */
export function controlSpeed(playback, draw) {
  const next = byId('next-step');

  function show() {
    const { mode, behind } = playback;
    next.hidden = mode !== 'step';
    const seconds = Math.round(behind / 1000);
    write(byId('behind'), mode === 'live' ? '' : `${EXPLAINED[mode]}. The page shows what happened ${seconds} s ago.`);
  }

  byId('speed').addEventListener('change', event => {
    playback.setMode(event.target.value);
    setRate(playback.rate);
    setSpeed(playback.rate);
    show();
    draw();
  });
  next.addEventListener('click', () => {
    if (!playback.step()) write(byId('now'), 'Nothing has happened since. Try again in a second.');
    show();
    draw();
  });
  setInterval(() => {
    playback.tick();
    show();
    if (playback.mode === 'slow') draw();
  }, 200);
}

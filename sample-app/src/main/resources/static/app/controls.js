// The things to do, to the cluster and to one member.

import { byId, mark, write } from './dom.js';
import { action, field } from './actions.js';
import { ask } from './api.js';
import { shortName } from './words.js';

const CUT = ['Cut the network in two',
  'Each half misses the other: it turns suspect and, some seconds later, dead, while both halves live on.'];
const HEAL = ['Heal the network',
  'The halves find each other again within seconds, and everybody refutes being dead with a higher incarnation.'];
const PAUSE = ['Pause', 'It stops answering, as in a long garbage collection: it turns suspect, and dead unless you are quick.'];
const RESUME = ['Resume', 'It hears what is said of it and refutes with a higher incarnation: alive again within seconds.'];

let cluster = null;
let member = null;
const memberPath = () => `members/${encodeURIComponent(member.name)}`;

const lossField = field('Loss in percent', { type: 'range', min: 0, max: 100, step: 5, value: 0 });
const loss = lossField.lastChild;
const lossValue = document.createElement('output');
lossField.append(lossValue);
loss.addEventListener('input', () => { lossValue.textContent = `${loss.value} %`; });

const textField = field('Message', { type: 'text', value: 'hello, everybody', maxLength: 200, autocomplete: 'off' });
const tagName = field('Tag', { type: 'text', value: 'colour', maxLength: 32, autocomplete: 'off' });
const tagValue = field('Value', { type: 'text', value: 'blue', maxLength: 64, autocomplete: 'off' });

const start = action({
  text: 'Start a member',
  expect: 'It joins through this member, and gossip tells everybody else within a second.',
  run: () => ask('members'),
});
const cut = action({ text: CUT[0], expect: CUT[1], run: () => ask(cluster.cut ? 'network/heal' : 'network/cut') });
const lose = action({
  text: 'Lose packets',
  expect: 'Probes go round by others and over streams, so that little is noticed below a third; beyond, health scores rise.',
  fields: [lossField],
  run: () => ask('network/loss', { percent: Number(loss.value) }),
});
const broadcast = action({
  text: 'Broadcast',
  expect: 'Every member gets it once and passes it on: see under the news who had it after how many milliseconds.',
  fields: [textField],
  run: () => ask('broadcasts', { text: textField.lastChild.value }),
});
const rotate = action({
  text: 'Rotate the key',
  expect: 'Everybody first learns a new key, then uses it, then forgets the old one: nothing is lost on the way.',
  run: () => ask('key'),
});

const stop = action({
  text: 'Stop',
  expect: 'It says good-bye: everybody shows it as left at once, and nobody suspects it.',
  run: () => ask(`${memberPath()}/stop`),
});
const kill = action({
  text: 'Kill',
  expect: 'It falls silent: a probe fails, it turns suspect, and some seconds later dead.',
  danger: true,
  run: () => ask(`${memberPath()}/kill`),
});
const pause = action({
  text: PAUSE[0],
  expect: PAUSE[1],
  run: () => ask(`${memberPath()}/${member.truth === 'paused' ? 'resume' : 'pause'}`),
});
const tag = action({
  text: 'Change the tag',
  expect: 'It tells the others by gossip, under a higher incarnation; an empty value takes the tag away.',
  fields: [tagName, tagValue],
  run: () => ask(`${memberPath()}/tags`, { name: tagName.lastChild.value, value: tagValue.lastChild.value }),
});

byId('cluster-actions').append(start.form, cut.form, lose.form, broadcast.form, rotate.form);
byId('member-actions').append(stop.form, kill.form, pause.form, tag.form);

export function drawControls(newCluster, newMember) {
  const lossChanged = cluster === null || cluster.lossPercent !== newCluster.lossPercent;
  cluster = newCluster;
  member = newMember;
  const reason = what => cluster.unavailable[what] ?? null;
  if (lossChanged) {
    loss.value = cluster.lossPercent;
    lossValue.textContent = `${cluster.lossPercent} %`;
  }
  start.refuse(reason('start'));
  cut.become(...(cluster.cut ? HEAL : CUT));
  cut.refuse(reason('cut'));
  lose.refuse(reason('loss'));
  broadcast.refuse(reason('broadcast'));
  rotate.refuse(reason('key'));
  pause.become(...(member.truth === 'paused' ? RESUME : PAUSE));
  [stop, kill, pause].forEach(one => one.refuse(member.untouchable, 'member-reason'));
  write(byId('member-reason'), member.untouchable === null ? '' : `Not available here: ${member.untouchable}`);
  tag.refuse(member.untaggable);
  mark(byId('member-actions'), 'aria-label', `What to do to ${shortName(member.name, cluster.local)}`);
}

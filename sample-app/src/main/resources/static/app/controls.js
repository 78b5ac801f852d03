// The things to do, to the cluster and to one member.

import { byId, mark, write } from './dom.js';
import { action, field } from './actions.js';
import { ask } from './api.js';
import { shortName } from './words.js';

const CUT = ['Cut the network in two',
  'Neither half reaches the other. Each suspects the members of the other half and, a few seconds later, considers them dead. Both halves keep working.'];
const HEAL = ['Heal the network',
  'The halves find each other again within seconds. Every member that was considered dead proves the opposite with a higher incarnation number.'];
const PAUSE = ['Pause', 'It stops answering, as in a long garbage collection. The others suspect it and, unless you resume it in time, consider it dead.'];
const RESUME = ['Resume', 'It learns what the others say about it, and answers with a higher incarnation number. It is alive again within seconds.'];

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
  expect: 'It joins through this member. Gossip tells all others within a second.',
  run: () => ask('members'),
});
const cut = action({ text: CUT[0], expect: CUT[1], run: () => ask(cluster.cut ? 'network/heal' : 'network/cut') });
const lose = action({
  text: 'Lose packets',
  expect: 'Up to about 10 %, helpers and streams save the probes, and little happens. Above that, health scores rise and members suspect each other. At 100 %, each considers all others dead.',
  fields: [lossField],
  run: () => ask('network/loss', { percent: Number(loss.value) }),
});
const broadcast = action({
  text: 'Broadcast',
  expect: 'Every member receives it once and passes it on. “How news spreads” shows when each one received it.',
  fields: [textField],
  run: () => ask('broadcasts', { text: textField.lastChild.value }),
});
const rotate = action({
  text: 'Rotate the key',
  expect: 'All members first learn a new key, then use it, then remove the old one. No message is lost.',
  run: () => ask('key'),
});

const stop = action({
  text: 'Stop',
  expect: 'It tells the others that it leaves. They show it as left, and nobody suspects it.',
  run: () => ask(`${memberPath()}/stop`),
});
const kill = action({
  text: 'Kill',
  expect: 'It ends without a word. A probe fails, the others suspect it and, a few seconds later, consider it dead.',
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
  expect: 'It tells the others by gossip, with a higher incarnation number. An empty value removes the tag.',
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
  // What holds for several actions stands above them once.
  const shared = reason('start');
  const refuse = (one, why) => one.refuse(why, why === shared ? 'cluster-reason' : null);
  write(byId('cluster-reason'), shared ?? '');
  refuse(start, shared);
  cut.become(...(cluster.cut ? HEAL : CUT));
  refuse(cut, reason('cut'));
  refuse(lose, reason('loss'));
  broadcast.refuse(reason('broadcast'));
  rotate.refuse(reason('key'));
  pause.become(...(member.truth === 'paused' ? RESUME : PAUSE));
  [stop, kill, pause].forEach(one => one.refuse(member.untouchable, 'member-reason'));
  write(byId('member-reason'), member.untouchable === null ? '' : `Not available here: ${member.untouchable}`);
  tag.refuse(member.untaggable);
  mark(byId('member-actions'), 'aria-label', `Actions on ${shortName(member.name, cluster.local)}`);
}

// Everything about the chosen member.

import { byId, keyed, make, write } from './dom.js';
import { drawTags } from './members.js';
import { drawProcess } from './process.js';
import { SIGNS, beliefAndTruth, health, roundTrip, secondsUntil } from './words.js';

/** What the members of this JVM say about it. */
function opinions(member, cluster) {
  const counts = {};
  Object.values(cluster.views).forEach(view => {
    const state = view[member.name] ?? 'unknown';
    counts[state] = (counts[state] ?? 0) + 1;
  });
  const texts = Object.entries(counts).sort((a, b) => b[1] - a[1]).map(([state, count]) => opinion(state, count));
  return texts.length === 1 && Object.keys(cluster.views).length > 1 ? `all ${texts[0]}` : texts.join(', ');
}

function opinion(state, count) {
  if (state === 'unknown') return count === 1 ? '1 does not know it' : `${count} do not know it`;
  return `${count} ${count === 1 ? 'says' : 'say'} ${state}`;
}

function state(member) {
  const left = member.state === 'suspect' ? secondsUntil(member.deadAt) : null;
  const text = `${SIGNS[member.state]} ${member.state} ${beliefAndTruth(member)}`;
  return left === null ? text : `${text}. Dead in ${left} s unless it answers; sooner if more members suspect it`;
}

function facts(member, cluster) {
  return [
    ['State', state(member)],
    ['Opinions', opinions(member, cluster)],
    ['Process', ''],
    ['Address', member.address],
    ['Incarnation', String(member.incarnation)],
    ['Round trip', roundTrip(member.roundTripMillis)],
    ['Health', member.health !== null ? health(member.health) : 'only its own process knows'],
    ['Key', member.key ?? (cluster.keys.length ? 'only its own process knows' : 'none: not encrypted')],
    ['Tags', ''],
  ];
}

function create([label]) {
  return make('div', {}, make('dt', {}, label), make('dd', {}));
}

export function drawDetails(member, cluster) {
  write(byId('details-name'), member.name);
  keyed(byId('details-facts'), facts(member, cluster), ([label]) => label, create, (row, [label, text]) => {
    if (label === 'Tags') drawTags(row.lastChild, member);
    else if (label === 'Process') drawProcess(row.lastChild, member);
    else write(row.lastChild, text);
    if (label === 'State') row.lastChild.className = `state-text ${member.state}`;
  });
}

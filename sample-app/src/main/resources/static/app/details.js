// Everything about the chosen member.

import { byId, keyed, make, write } from './dom.js';
import { drawTags } from './members.js';
import { SIGNS, beliefAndTruth, health, roundTrip } from './words.js';

/** What the members of this JVM hold of it, where they are not of one mind. */
function opinions(member, cluster) {
  const counts = {};
  Object.values(cluster.views).forEach(view => {
    const state = view[member.name] ?? 'unknown';
    counts[state] = (counts[state] ?? 0) + 1;
  });
  const texts = Object.entries(counts).sort((a, b) => b[1] - a[1]).map(([state, count]) => `${state} to ${count}`);
  return texts.length === 1 ? `all agree: ${texts[0]}` : texts.join(', ');
}

function facts(member, cluster) {
  return [
    ['State', `${SIGNS[member.state]} ${member.state} ${beliefAndTruth(member)}`],
    ['Opinions', opinions(member, cluster)],
    ['Address', member.address],
    ['Incarnation', String(member.incarnation)],
    ['Round trip', roundTrip(member.roundTripMillis)],
    ['Health', member.health !== null ? health(member.health) : 'known in its own process'],
    ['Key', member.key ?? (cluster.keys.length ? 'known in its own process' : 'none, not encrypted')],
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
    else write(row.lastChild, text);
    if (label === 'State') row.lastChild.className = `state-text ${member.state}`;
  });
}

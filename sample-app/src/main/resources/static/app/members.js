// The table of all members.

import { byId, keyed, make, write } from './dom.js';
import { SIGNS, beliefAndTruth, roundTrip, shortHealth, shortName, tags } from './words.js';

const COLUMNS = ['State', 'Address', 'Incarnation', 'Round trip', 'Health', 'Tags'];
const NUMBERS = new Set(['Incarnation', 'Round trip', 'Health']);

function create() {
  const row = make('tr', { role: 'row' });
  row.append(make('th', { role: 'rowheader', scope: 'row' }));
  COLUMNS.forEach(column => row.append(make('td', {
    role: 'cell', className: NUMBERS.has(column) ? 'number' : '', 'data-label': column,
  })));
  row.children[1].append(make('span', { className: 'state' }), make('span', { className: 'quiet since' }));
  return row;
}

export function drawTags(cell, member) {
  keyed(cell, tags(member), text => text, () => make('span', { className: 'tag' }), write);
}

function update(row, member, local) {
  const [name, state, address, incarnation, trip, score, tagCell] = row.children;
  write(name, member.name === local ? `${member.name} (this member)` : shortName(member.name, local));
  name.title = member.name;
  state.firstChild.className = `state ${member.state}`;
  write(state.firstChild, `${SIGNS[member.state]} ${member.state}`);
  write(state.lastChild, beliefAndTruth(member));
  write(address, member.address);
  write(incarnation, String(member.incarnation));
  write(trip, roundTrip(member.roundTripMillis));
  write(score, shortHealth(member.health));
  drawTags(tagCell, member);
}

export function drawMembers(cluster) {
  keyed(byId('members'), cluster.members, member => member.name, create,
    (row, member) => update(row, member, cluster.local));
}

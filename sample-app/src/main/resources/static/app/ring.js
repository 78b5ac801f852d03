// The members on a ring, each a button: state in colour, sign and word.

import { byId, keyed, make, mark, write } from './dom.js';
import { SIGNS, TRUTHS, initials, shortName } from './words.js';

const RADIUS = 37;
const CROWDED = 9;
const positions = new Map();
let select = () => {};

export const onSelect = listener => { select = listener; };

/** Where the member at an address is drawn, in percent of the ring's box. */
export const positionOf = address => positions.get(address);

function place(index, count, radius = RADIUS) {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
  return { x: 50 + radius * Math.cos(angle), y: 50 + radius * Math.sin(angle) };
}

function createNode() {
  const button = make('button', { type: 'button', className: 'node' },
    make('span', { className: 'disc' }, make('span', { className: 'initials' }), make('span', { className: 'sign' })),
    make('span', { className: 'name' }),
    make('span', { className: 'word' }));
  button.setAttribute('aria-pressed', 'false');
  return make('li', {}, button);
}

function description(member, state, cluster) {
  const extra = [
    member.name === cluster.local ? 'this member' : null,
    TRUTHS[member.truth] ?? null,
    cluster.cut && member.otherSide ? 'cut off' : null,
  ].filter(Boolean);
  return [member.name, state, ...extra].join(', ');
}

function updateNode(item, member, index, cluster, seen, selected) {
  const button = item.firstChild;
  button.onclick = () => select(member.name);
  const state = seen(member);
  const at = place(index, cluster.members.length);
  item.style.left = `${at.x}%`;
  item.style.top = `${at.y}%`;
  button.className = `node ${state} ${member.truth}${member.name === cluster.local ? ' local' : ''}`;
  mark(button, 'aria-pressed', member.name === selected);
  mark(button, 'aria-label', description(member, state, cluster));
  button.title = member.name;
  write(button.querySelector('.initials'), initials(member.name, cluster.local));
  write(button.querySelector('.sign'), member.truth === 'paused' ? 'II' : SIGNS[state]);
  write(button.querySelector('.name'), shortName(member.name, cluster.local));
  write(button.querySelector('.word'), member.truth === 'paused' ? `paused, ${state}` : state);
}

/** Two rays from the middle, wherever neighbours on the ring are on different sides. */
function cutPath({ cut, members }) {
  if (!cut) return '';
  return members.map((member, index) => {
    const next = members[(index + 1) % members.length];
    if (member.otherSide === next.otherSide) return '';
    const end = place(index + 0.5, members.length, 50);
    return `M50 50 L${end.x} ${end.y}`;
  }).join('');
}

export function drawRing(cluster, viewer, selected) {
  const view = cluster.views[viewer];
  const seen = member => (viewer === cluster.local || !view ? member.state : view[member.name] ?? 'unknown');
  positions.clear();
  cluster.members.forEach((member, index) =>
    positions.set(member.address, { ...place(index, cluster.members.length), name: member.name }));
  byId('ring').classList.toggle('crowded', cluster.members.length > CROWDED);
  let index = 0;
  keyed(byId('nodes'), cluster.members, member => member.name, createNode,
    (item, member) => updateNode(item, member, index++, cluster, seen, selected));
  mark(byId('cut-line'), 'd', cutPath(cluster));
}

/** A ring of light round a member that has just heard something. */
export function pulse(name, kind) {
  const item = [...byId('nodes').children].find(child => child.dataset.key === name);
  if (!item) return;
  const halo = make('span', { className: `halo ${kind === 'message' ? 'message' : 'news'}` });
  item.append(halo);
  setTimeout(() => halo.remove(), 1200);
}

export function drawViewers(cluster, viewer) {
  const names = Object.keys(cluster.views).sort((a, b) => a.length - b.length || a.localeCompare(b));
  keyed(byId('viewer'), names, name => name, name => make('option', { value: name }),
    (option, name) => write(option, shortName(name, cluster.local)));
  if (byId('viewer').value !== viewer) byId('viewer').value = viewer;
}

// Which member heard of what, after how long.

import { byId, keyed, make, write } from './dom.js';
import { ago, shortName } from './words.js';
import { flightMillis } from './hops.js';
import { pulse } from './ring.js';

const WORDS = {
  joined: 'joined', returned: 'came back', suspected: 'is suspected', recovered: 'answered and is alive',
  failed: 'is considered dead', left: 'left', updated: 'changed its tags',
};
const heardBefore = new Map();

function title(item, local) {
  return item.kind === 'message' ? `“${item.about}”` : `${shortName(item.about, local)} ${WORDS[item.kind] ?? item.kind}`;
}

function create(item) {
  return make('li', { className: item.kind },
    make('details', {},
      make('summary', {},
        make('span', { className: 'title' }),
        make('span', { className: 'dots', ariaHidden: 'true' }),
        make('span', { className: 'reach quiet' })),
      make('ol', { className: 'who' })));
}

function reach(item) {
  const times = Object.values(item.heard);
  const last = Math.max(0, ...times);
  const all = times.length >= item.audience.length;
  return `${all ? 'all' : `${times.length} of`} ${item.audience.length} after ${last} ms`;
}

function waits(name, { members, local }) {
  const paused = members.find(member => member.name === name)?.truth === 'paused';
  return `${shortName(name, local)} ${paused ? 'is paused' : 'not yet'}`;
}

function update(element, item, cluster) {
  const { local } = cluster;
  write(element.querySelector('.title'), title(item, local));
  write(element.querySelector('.reach'), `${reach(item)}, ${ago(item.at)} ago`);
  const audience = [...item.audience].sort((a, b) => (item.heard[a] ?? 1e9) - (item.heard[b] ?? 1e9));
  keyed(element.querySelector('.dots'), audience, name => name, () => make('i'),
    (dot, name) => dot.classList.toggle('heard', name in item.heard));
  keyed(element.querySelector('.who'), audience, name => name, () => make('li'), (row, name) => write(row,
    name in item.heard ? `${shortName(name, local)} after ${item.heard[name]} ms` : waits(name, cluster)));
}

function pulseNew(item) {
  const before = heardBefore.get(item.id);
  const heard = new Set(Object.keys(item.heard));
  heardBefore.set(item.id, heard);
  heard.forEach(name => {
    if (!before?.has(name)) pulse(name, item.kind, flightMillis());
  });
}

export function drawNews(cluster, first) {
  keyed(byId('news'), cluster.news, item => item.id, create, (element, item) => update(element, item, cluster));
  if (first) cluster.news.forEach(item => heardBefore.set(item.id, new Set(Object.keys(item.heard))));
  else cluster.news.forEach(pulseNew);
}

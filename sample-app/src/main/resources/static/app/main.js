// Listens to the server and draws what it says. Nothing is asked for again and again.

import { byId, write } from './dom.js';
import { drawChart } from './charts.js';
import { drawControls } from './controls.js';
import { drawDetails } from './details.js';
import { drawExperiments } from './experiments.js';
import { showHop, showHops } from './hops.js';
import { addToLog, resetLog } from './log.js';
import { drawMembers } from './members.js';
import { learnNames } from './names.js';
import { drawNews } from './news.js';
import { createPlayback } from './playback.js';
import { drawRing, drawViewers, onSelect } from './ring.js';
import { controlSpeed } from './speed.js';
import { bytes, health, setClock, shortName } from './words.js';

let cluster = null;
let selected = null;
let viewer = null;
let fresh = true;
let waitingLog = [];

function draw() {
  if (!cluster) return;
  const chosen = chosenMember();
  if (!chosen) return;
  if (!cluster.views[viewer]) viewer = cluster.local;
  drawFigures();
  drawViewers(cluster, viewer);
  drawRing(cluster, viewer, chosen.name);
  drawDetails(chosen, cluster);
  drawControls(cluster, chosen);
  drawExperiments(cluster);
  drawMembers(cluster);
}

/** At first somebody to whom something can be done; then whoever was chosen, as long as it is known. */
function chosenMember() {
  const { members, local } = cluster;
  const chosen = members.find(member => member.name === selected)
    ?? members.find(member => member.untouchable === null)
    ?? members.find(member => member.name === local) ?? members[0];
  selected = chosen?.name;
  return chosen;
}

function drawFigures() {
  const { keys, label, cut, local, lossPercent } = cluster;
  write(byId('self'), `Seen through member ${local}${label ? `, cluster label ${label}` : ''}`);
  document.querySelectorAll('.local-name').forEach(place => write(place, local));
  write(byId('live'), String(cluster.live));
  write(byId('health'), health(cluster.health));
  write(byId('encryption'), keys.length ? `on, key ${keys[0]}` : 'off');
  write(byId('network'), cluster.companions ? `${cut ? 'cut in two' : 'connected'}, ${lossPercent} % loss` : 'real');
}

/** A name for an address or a name. */
function nameOf(text) {
  const member = cluster?.members.find(one => one.address === text || one.name === text);
  return member ? shortName(member.name, cluster.local) : text;
}

function connection(text, className) {
  write(byId('connection').firstElementChild, text);
  byId('connection').className = className;
}

function connectionText() {
  if (!cluster.running) return ['This member was shut down', 'lost'];
  return cluster.left ? ['This member has left', 'lost'] : ['Live', 'live'];
}

/** What to do with each kind of thing that the server sends. */
const DRAW = {
  cluster(next) {
    cluster = next;
    learnNames(cluster.members.map(member => member.name), cluster.local);
    draw();
    drawNews(cluster, fresh);
    fresh = false;
    connection(...connectionText());
    addToLog(waitingLog.splice(0), cluster.local);
  },
  hops: hops => showHops(hops, nameOf),
  log(entries) {
    if (cluster) addToLog(entries, cluster.local);
    else waitingLog.push(...entries);
  },
  traffic({ now, seconds }) {
    setClock(now);
    drawChart('packets', 'Packets a second', seconds.map(one => one.packetsOut), seconds.map(one => one.packetsIn), String);
    drawChart('bytes', 'Bytes a second', seconds.map(one => one.bytesOut), seconds.map(one => one.bytesIn), bytes);
    draw(); // the seconds since go on
    if (cluster) drawNews(cluster, false);
  },
};

const playback = createPlayback({
  apply: (event, data) => DRAW[event](data),
  showOne: hop => showHop(hop, nameOf),
});

function connect() {
  const source = new EventSource('api/stream');
  source.addEventListener('open', () => {
    fresh = true;
    playback.clear();
    resetLog();
  });
  source.addEventListener('error', () => {
    connection('No answer; what is shown is old', 'lost');
    // the browser tries again by itself, save after a plain error
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
  Object.keys(DRAW).forEach(event =>
    source.addEventListener(event, message => playback.receive(event, JSON.parse(message.data))));
}

onSelect(name => {
  selected = name;
  draw();
});
byId('viewer').addEventListener('change', event => {
  viewer = event.target.value;
  draw();
});
new ResizeObserver(draw).observe(byId('ring'));
controlSpeed(playback, draw);
connect();

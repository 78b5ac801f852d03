// Draws what the server tells.

import { byId, write } from './dom.js';
import { follow } from './changes.js';
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
import { drawUnseen } from './process.js';
import { drawRing, drawViewers, onSelect } from './ring.js';
import { controlSpeed } from './speed.js';
import { bytes, health, setClock, shortName } from './words.js';

let cluster = null;
let selected = null;
let viewer = null;
let fresh = true;
let received = null;
let traffic = [];
/** Seconds behind that are told: not each, since a screen reader reads every change. */
const STEPS = [2, 5, 10, 20, 30, 60, 120, 300];

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
  drawUnseen(cluster);
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

function connectionText(lag, failure) {
  const behind = STEPS.findLast(step => lag >= step * 1000);
  if (failure) return [`No answer${behind ? ` for ${behind} s` : ''}; what is shown is old`, 'lost'];
  if (!cluster) return ['Connecting …', ''];
  if (!cluster.running) return ['This member was shut down', 'lost'];
  if (cluster.left) return ['This member has left', 'lost'];
  return behind ? [`Slow line: about ${behind} s behind`, 'late'] : ['Live', 'live'];
}

/** What to do with each part of what is new. */
const DRAW = {
  cluster(next) {
    cluster = next;
    learnNames(cluster.members.map(member => member.name), cluster.local);
    draw();
    drawNews(cluster, fresh);
    fresh = false;
  },
  hops: hops => showHops(hops, nameOf),
  log: entries => addToLog(entries, cluster.local),
  traffic({ now, seconds }) {
    setClock(now);
    traffic = [...traffic, ...seconds].slice(-60);
    const series = name => traffic.map(one => one[name]);
    drawChart('packets', 'Packets a second', series('packetsOut'), series('packetsIn'), String);
    drawChart('bytes', 'Bytes a second', series('bytesOut'), series('bytesIn'), bytes);
    draw(); // the seconds since go on
    drawNews(cluster, false);
  },
};

const playback = createPlayback({
  apply: (event, data) => DRAW[event](data),
  showOne: hop => showHop(hop, nameOf),
});

/** What is new, and the cluster after it. */
function told({ whole, now, hops, log, seconds }, next) {
  if (whole) {
    fresh = true;
    traffic = [];
    playback.clear();
    resetLog();
  }
  if (whole || next !== received) playback.receive('cluster', next);
  received = next;
  if (hops.length) playback.receive('hops', hops);
  if (log.length) playback.receive('log', log);
  if (seconds.length) playback.receive('traffic', { now, seconds });
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
follow(told, (lag, failure) => connection(...connectionText(lag, failure)));

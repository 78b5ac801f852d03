// Shows what /actuator/members answers, once a second. Rows are kept from one answer to the next, so that
// a selection or the scroll position in the table survives.

const INTERVAL_MS = 1000;
const rows = new Map();
const byId = id => document.getElementById(id);

/** Writes only what changed: unchanged text must not be read out again. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function cell(row, tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  row.append(element);
  return element;
}

function newRow() {
  const row = document.createElement('tr');
  const heading = cell(row, 'th', '');
  heading.scope = 'row';
  const name = document.createElement('span');
  const me = document.createElement('span');
  me.className = 'me';
  heading.append(name, ' ', me);
  const address = cell(row, 'td', 'address');
  const state = document.createElement('span');
  cell(row, 'td', '').append(state);
  const since = cell(row, 'td', 'number');
  const incarnation = cell(row, 'td', 'number');
  const meta = cell(row, 'td', 'meta');
  return { row, name, me, address, state, since, incarnation, meta };
}

function elapsed(since) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** Tags and metadata come from other members and are only ever written as text. */
function showMeta(cell, { tags, meta }) {
  const texts = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  const key = texts.length ? JSON.stringify(texts) : metaText(meta);
  if (cell.dataset.shown === key) return;
  cell.dataset.shown = key;
  if (texts.length) cell.replaceChildren(...texts.map(tag));
  else cell.textContent = key;
}

function tag(text) {
  const element = document.createElement('span');
  element.className = 'tag';
  element.textContent = text;
  return element;
}

function metaText({ text, base64 }) {
  if (text !== null && text !== undefined) return text;
  return `base64 ${base64}`;
}

function endpoint({ address, port }) {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function show(member, isLocal) {
  let view = rows.get(member.name);
  if (!view) {
    view = newRow();
    rows.set(member.name, view);
  }
  write(view.name, member.name);
  view.me.hidden = !isLocal;
  write(view.me, isLocal ? 'this member' : '');
  write(view.address, endpoint(member));
  write(view.state, member.state);
  view.state.className = `state ${member.state}`;
  write(view.since, elapsed(member.since));
  view.since.title = `since ${new Date(member.since).toLocaleString()}`;
  write(view.incarnation, String(member.incarnation));
  showMeta(view.meta, member);
  return view.row;
}

function encryptionText({ enabled, verifyIncoming, verifyOutgoing }) {
  if (!enabled) return 'off';
  return verifyIncoming && verifyOutgoing ? 'on' : 'being turned on';
}

function showTraffic({ encryption, label, queuedBroadcasts, drops }) {
  write(byId('encryption'), encryptionText(encryption));
  write(byId('label'), label === '' ? 'no label' : `label ${label}`);
  write(byId('queue'), String(queuedBroadcasts));
  const dropped = Object.entries(drops).filter(([, count]) => count > 0);
  const total = dropped.reduce((sum, [, count]) => sum + count, 0);
  write(byId('drops'), total === 0 ? 'nothing dropped' : `${total} dropped`);
  byId('drops').title = dropped.map(([reason, count]) => `${reason}: ${count}`).join('\n');
}

function render(cluster) {
  write(byId('self'), cluster.local.name);
  write(byId('live'), String(cluster.live));
  write(byId('score'), String(cluster.healthScore));
  write(byId('score-words'), cluster.healthScore === 0 ? 'healthy' : 'slow to answer, gives others more time');
  showTraffic(cluster);

  const body = byId('members');
  const names = new Set(cluster.members.map(member => member.name));
  for (const [name, view] of rows) {
    if (!names.has(name)) {
      view.row.remove();
      rows.delete(name);
    }
  }
  cluster.members.forEach((member, index) => {
    const row = show(member, member.name === cluster.local.name);
    if (body.children[index] !== row) body.insertBefore(row, body.children[index] ?? null);
  });
}

function connection(text, lost) {
  const element = byId('connection');
  write(element, text);
  element.classList.toggle('lost', lost);
}

function status({ running, left }) {
  if (!running) return 'This member was shut down; what is shown is old';
  return left ? 'This member has left the cluster' : 'Live, asked every second';
}

async function refresh() {
  try {
    const response = await fetch('actuator/members', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const cluster = await response.json();
    render(cluster);
    connection(status(cluster), cluster.left || !cluster.running);
  } catch (error) {
    connection(`This member does not answer (${error.message}); what is shown is old`, true);
  } finally {
    setTimeout(refresh, INTERVAL_MS);
  }
}

refresh();

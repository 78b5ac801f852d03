// Asks the server what is new, again and again: one short request at a time, so that many tabs share a browser's few
// connections, and a slow line never has more than the newest state to carry.

const PAUSE_MILLIS = 200;
const HIDDEN_PAUSE_MILLIS = 2000;
const RETRY_MILLIS = 1000;
const TIMEOUT_MILLIS = 60000;

let cursor = '';
let cluster = null;
let view = null;
let askedAt = performance.now();
let failure = null;
let wake = () => {};

/**
 * JSON Merge Patch, RFC 7396. The target stays as it is, since slow motion shows it later. Objects have no prototype, since
 * members choose their names.
 */
function patched(target, patch) {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const isObject = target !== null && typeof target === 'object' && !Array.isArray(target);
  const result = Object.assign(Object.create(null), isObject ? target : {});
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = patched(result[name], value);
  }
  return result;
}

const inOrder = ({ order, items }) => order.map(key => items[key]);

/** The cluster as the other files know it: lists in order. What is absent in a patch was null. */
function asLists() {
  const nullable = {
    since: null, deadAt: null, meta: null, roundTripMillis: null, health: null, key: null, pid: null, page: null,
    untouchable: null, untaggable: null,
  };
  return {
    ...cluster,
    members: inOrder(cluster.members).map(member => ({ ...nullable, ...member })),
    news: inOrder(cluster.news),
  };
}

async function ask() {
  const started = performance.now();
  const response = await fetch(`api/changes?after=${encodeURIComponent(cursor)}`, {
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MILLIS),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `The server answered ${response.status}.`);
  cursor = answer.cursor;
  if (answer.whole || Object.keys(answer.cluster).length) {
    cluster = patched(answer.whole ? null : cluster, answer.cluster);
    view = asLists();
  }
  askedAt = started;
  return answer;
}

/** Also cut short when the tab comes to the front. */
const pause = millis => new Promise(resolve => {
  wake = resolve;
  setTimeout(resolve, millis);
});

/** How old the picture may be, in milliseconds: as if it had been made when it was asked for. */
const lag = () => performance.now() - askedAt;

/**
 * Follows the cluster for ever.
 *
 * @param told called with each answer and the cluster after it, which is the same object while nothing changes in it
 * @param state called now and then with how old the picture may be, and why there is no newer one, or null
 */
export async function follow(told, state) {
  document.addEventListener('visibilitychange', () => wake());
  setInterval(() => document.hidden || state(lag(), failure), 500);
  for (;;) {
    try {
      const answer = await ask();
      failure = null;
      told(answer, view);
    } catch (error) {
      if (error.name !== 'TypeError' && error.name !== 'TimeoutError') console.warn(error);
      failure = error;
    }
    state(lag(), failure);
    await pause(failure ? RETRY_MILLIS : document.hidden ? HIDDEN_PAUSE_MILLIS : PAUSE_MILLIS);
  }
}

// Plays what the server sends: at once, in slow motion, or one step at a time. Nothing but packets is left out, and the
// order stays as it was, so that the page is true to what happened, only later.

const SLOWER = 5;
const MAX_WAITING = 4000;

/**
 * @param apply draws one thing that the server sent
 * @param showOne draws one packet alone
 * @param now the time of the browser in milliseconds
 */
export function createPlayback({ apply, showOne, now = () => performance.now() }) {
  let mode = 'live';
  let waiting = [];
  let slowSince = 0;

  const next = () => {
    const { event, data } = waiting.shift();
    apply(event, data);
  };

  function catchUp() {
    const late = waiting;
    waiting = [];
    late.filter(({ event }) => event !== 'hops').forEach(({ event, data }) => apply(event, data));
  }

  /** In slow motion everything happens as late after the start as it took, times five. */
  function playSlowly() {
    while (waiting.length && slowSince + (waiting[0].at - slowSince) * SLOWER <= now()) next();
  }

  return {
    get mode() { return mode; },
    get rate() { return { live: 1, slow: 1 / SLOWER, step: 0 }[mode]; },

    /** How far the page is behind the server on purpose, in milliseconds. */
    get behind() { return waiting.length ? now() - waiting[0].at : 0; },

    receive(event, data) {
      if (mode === 'live') {
        apply(event, data);
        return;
      }
      // each packet is a step of its own
      if (event === 'hops') data.forEach(hop => waiting.push({ event, data: [hop], at: now() }));
      else waiting.push({ event, data, at: now() });
      if (waiting.length > MAX_WAITING) waiting = waiting.filter(one => one.event !== 'hops');
      if (waiting.length > MAX_WAITING) next();
    },

    setMode(newMode) {
      if (newMode === mode) return;
      if (mode === 'slow' || newMode === 'live') catchUp();
      mode = newMode;
      slowSince = now();
    },

    /** Called several times a second. */
    tick() {
      if (mode === 'slow') playSlowly();
    },

    /** Goes on to the next packet, or to the next entry of the log; false if nothing has come yet. */
    step() {
      while (waiting.length) {
        const { event, data } = waiting.shift();
        if (event === 'hops') {
          showOne(data[0]);
          return true;
        }
        apply(event, data);
        if (event === 'log') return true;
      }
      return false;
    },

    /** What waits is old: the server sends everything anew. */
    clear() {
      waiting = [];
    },
  };
}

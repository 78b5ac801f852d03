// When each packet is drawn: an answer after its question has arrived, and what is passed on after it was received.
// The packets themselves take less than a millisecond, and what is drawn takes longer.

const REMEMBERED_MILLIS = 20000;

/** Gives each packet the time at which it starts on its way, in the order in which the packets were sent. */
export function createCauses() {
  const asked = new Map(); // by the two members and the number of the probe
  const told = new Map(); // by the member and what it received
  let forgottenAt = 0;

  function forget(now) {
    if (now - forgottenAt < REMEMBERED_MILLIS) return;
    forgottenAt = now;
    for (const map of [asked, told]) {
      for (const [key, one] of map) if (one.arrival < now - REMEMBERED_MILLIS) map.delete(key);
    }
  }

  function startOf(hop, now) {
    const { from, to, kind, about, sequence } = hop;
    if (kind === 'ack' || kind === 'nack') {
      const question = asked.get(`${to} ${from} ${sequence}`);
      if (!question) return null;
      // who asked for another waits for what it found out
      const found = told.get(`${from} ack ${question.about}`);
      return Math.max(now, question.arrival, kind === 'ack' && question.relayed && found ? found.arrival : 0);
    }
    const reason = kind === 'probe' ? `${from} indirect_probe ${about}` : `${from} ${kind} ${about}`;
    return Math.max(now, told.get(reason)?.arrival ?? 0);
  }

  return {
    /**
     * Returns when the packet starts, null if it is not drawn: an answer to a question that was not drawn.
     *
     * @param duration how long it is on its way
     */
    start(hop, now, duration) {
      forget(now);
      const start = startOf(hop, now);
      if (start === null) return null;
      const arrival = start + duration;
      const { from, to, kind, sequence } = hop;
      let { about } = hop;
      if (kind === 'probe' || kind === 'indirect_probe') {
        asked.set(`${from} ${to} ${sequence}`, { arrival, about, relayed: kind === 'indirect_probe' });
      } else if (kind === 'ack' || kind === 'nack') {
        about = asked.get(`${to} ${from} ${sequence}`).about;
      }
      const key = `${to} ${kind} ${about}`;
      // the first one to arrive is what the member passes on
      if (!hop.lost && about && !(told.get(key)?.arrival > now - REMEMBERED_MILLIS && kind !== 'ack')) {
        told.set(key, { arrival });
      }
      return start;
    },
  };
}

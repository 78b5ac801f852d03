// Where the members are drawn: on a ring as long as there is room for each, otherwise in rows.

export const GAP = 4;

/** A place on a ring whose middle is x, y; the first one is at the top. */
export function onRing(index, count, { x, y, radius }) {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
  return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
}

/**
 * The ring for boxes of these sizes in a room of that width, null if they would touch one another.
 *
 * @param sizes the width, the height, and how far below the upper edge the middle of the disc is, for each member
 * @param most the largest radius that looks well
 */
export function ringFor(sizes, width, most) {
  const widest = Math.max(...sizes.map(size => size.width));
  const above = Math.max(...sizes.map(size => size.middle));
  const below = Math.max(...sizes.map(size => size.height - size.middle));
  const radius = Math.min(most, (width - widest) / 2);
  const ring = { x: width / 2, y: above + GAP + radius, radius, height: 2 * (radius + GAP) + above + below };
  return radius > 0 && !touches(sizes, ring) ? ring : null;
}

function touches(sizes, ring) {
  const boxes = sizes.map((size, index) => {
    const { x, y } = onRing(index, sizes.length, ring);
    return { left: x - size.width / 2, right: x + size.width / 2, top: y - size.middle, bottom: y - size.middle + size.height };
  });
  return boxes.some((a, index) => boxes.slice(index + 1).some(b =>
    a.left < b.right + GAP && b.left < a.right + GAP && a.top < b.bottom + GAP && b.top < a.bottom + GAP));
}

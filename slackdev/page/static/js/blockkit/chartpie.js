// The drawing of a pie chart: one slice for each segment, clockwise from noon.

import { svg } from '../ui/dom.js';

const LARGEST = 220;

/** A pie in a square as wide as `room`, at most 220 pixels. */
export function drawPie(segments, room) {
  const size = Math.min(LARGEST, room);
  const middle = size / 2;
  const radius = middle - 2;
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let turned = 0;
  const slices = segments.map(({ label, value }, at) => {
    const from = turned;
    turned += value / total;
    const outline = slice(middle, radius, from, turned);
    return svg('path', { class: `slice series-${at % 6}`, d: outline }, svg('title', {}, `${label}: ${value}`));
  });
  return svg('svg', { width: size, height: size, viewBox: `0 0 ${size} ${size}` }, slices);
}

// The outline of the part of a disc between two shares of a whole turn.
function slice(middle, radius, from, to) {
  const round = `A${radius} ${radius} 0`;
  const [top, bottom] = [`${middle} ${middle - radius}`, `${middle} ${middle + radius}`];
  if (to - from > 0.9999) return `M${top}${round} 1 1 ${bottom}${round} 1 1 ${top}Z`; // an arc that ends where it began is none
  const at = (share) => {
    const angle = share * 2 * Math.PI;
    return `${(middle + radius * Math.sin(angle)).toFixed(2)} ${(middle - radius * Math.cos(angle)).toFixed(2)}`;
  };
  return `M${middle} ${middle}L${at(from)}${round} ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z`;
}

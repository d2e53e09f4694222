// The drawing of bar, area and line charts: axes with round numbers, and the
// series between them.

import { svg } from '../ui/dom.js';

const HEIGHT = 230;
const LETTER = 6.2; // about as wide as a digit or letter of the axes
const TICKS = 5;

/** A plot as wide as `width` pixels. */
export function drawPlot(chart, width) {
  const { categories, x_label: below, y_label: beside } = chart.axis_config;
  const values = chart.series.flatMap(({ data }) => data.map(({ value }) => value));
  const ticks = roundTicks(Math.min(0, ...values), Math.max(0, ...values));
  const widest = Math.max(...ticks.map((tick) => short(tick).length));
  const box = {
    left: widest * LETTER + (beside ? 30 : 12),
    right: width - 6,
    top: 8,
    bottom: HEIGHT - (below ? 40 : 24),
  };
  const scale = {
    y: (value) => box.bottom - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * (box.bottom - box.top),
    step: (box.right - box.left) / categories.length,
  };
  scale.x = (at) => box.left + scale.step * (at + 0.5);
  return svg(
    'svg',
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
    grid(ticks, box, scale),
    categoryLabels(categories, box, scale),
    below ? axisLabel(below, (box.left + box.right) / 2, HEIGHT - 4) : null,
    beside ? axisLabel(beside, 12, (box.top + box.bottom) / 2, 'rotate(-90)') : null,
    chart.type === 'bar' ? bars(chart, categories, scale) : lines(chart, categories, scale),
    svg('line', { class: 'axis', x1: box.left, x2: box.right, y1: scale.y(0), y2: scale.y(0) }),
  );
}

function axisLabel(words, x, y, turned = '') {
  const transform = `translate(${x} ${y}) ${turned}`;
  return svg('text', { class: 'axis-label', 'text-anchor': 'middle', transform }, words);
}

// About five ticks at 1, 2 or 5 times a power of ten, around all values.
function roundTicks(low, high) {
  const rough = (high - low || 1) / (TICKS - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

function short(value) {
  return new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 }).format(value);
}

function grid(ticks, box, scale) {
  return ticks.flatMap((tick) => [
    svg('line', { class: 'grid', x1: box.left, x2: box.right, y1: scale.y(tick), y2: scale.y(tick) }),
    svg('text', { class: 'tick', x: box.left - 6, y: scale.y(tick) + 4, 'text-anchor': 'end' }, short(tick)),
  ]);
}

// Where names do not fit they are cut, and where not even that is readable, only some are written.
function categoryLabels(categories, box, scale) {
  const every = Math.max(1, Math.ceil(34 / scale.step));
  const room = Math.max(3, Math.floor((scale.step * every) / LETTER) - 1);
  return categories.map((name, at) => {
    if (at % every !== 0) return null;
    const letters = [...name];
    const words = letters.length > room ? `${letters.slice(0, room - 1).join('')}…` : name;
    const place = { class: 'tick', x: scale.x(at), y: box.bottom + 16, 'text-anchor': 'middle' };
    return svg('text', place, words, svg('title', {}, name));
  });
}

// The points of a series in the order of the categories.
function pointsOf({ data }, categories) {
  return categories
    .map((category, at) => ({ at, category, value: data.find(({ label }) => label === category)?.value }))
    .filter(({ value }) => typeof value === 'number');
}

function bars({ series }, categories, scale) {
  const wide = Math.min(46, (scale.step * 0.74) / series.length);
  return series.flatMap((one, nth) =>
    pointsOf(one, categories).map(({ at, category, value }) =>
      svg(
        'rect',
        {
          class: `bar series-${nth % 6}`,
          x: (scale.x(at) + (nth - series.length / 2) * wide + 0.5).toFixed(2),
          width: Math.max(1, wide - 1).toFixed(2),
          y: Math.min(scale.y(value), scale.y(0)).toFixed(2),
          height: Math.max(value === 0 ? 0 : 1, Math.abs(scale.y(value) - scale.y(0))).toFixed(2),
          rx: 2,
        },
        svg('title', {}, `${one.name}, ${category}: ${value}`),
      ),
    ),
  );
}

function lines({ type, series }, categories, scale) {
  return series.flatMap((one, nth) => {
    const points = pointsOf(one, categories);
    if (points.length === 0) return [];
    const spot = (at, value) => `${scale.x(at).toFixed(2)} ${scale.y(value).toFixed(2)}`;
    const path = `M${points.map(({ at, value }) => spot(at, value)).join('L')}`;
    const ground = `L${spot(points.at(-1).at, 0)}L${spot(points[0].at, 0)}Z`;
    return [
      type === 'area' ? svg('path', { class: `area series-${nth % 6}`, d: `${path}${ground}` }) : null,
      svg('path', { class: `line series-${nth % 6}`, d: path }),
      points.map(({ at, category, value }) =>
        svg(
          'circle',
          { class: `dot series-${nth % 6}`, cx: scale.x(at), cy: scale.y(value), r: 3 },
          svg('title', {}, `${one.name}, ${category}: ${value}`),
        ),
      ),
    ];
  });
}

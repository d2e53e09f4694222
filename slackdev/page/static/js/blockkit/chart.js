// Charts of data_visualization: the frame around the drawing, with its title,
// its legend and, for those who do not see it, its numbers as a table.

import { h } from '../ui/dom.js';
import { placeholder } from './placeholder.js';
import { drawPie } from './chartpie.js';
import { drawPlot } from './chartplot.js';

/** A chart drawn as wide as there is room. */
export function dataVisualization(block) {
  const { title, chart } = block;
  const drawing = drawingOf(chart);
  if (!drawing) return placeholder('chart', chart);
  let width = 480; // until it is known
  const frame = h('div.chart-frame', {}, labelled(drawing.draw(width), title, chart.type));
  new ResizeObserver(([{ contentRect }]) => {
    const room = Math.round(contentRect.width);
    if (room === width || room === 0) return;
    width = room;
    frame.replaceChildren(labelled(drawing.draw(width), title, chart.type));
  }).observe(frame);
  return h(
    'figure.chart',
    { class: chart.type === 'pie' ? 'chart-round' : '' },
    h('figcaption.chart-title', {}, title),
    frame,
    legend(drawing.legend),
    h('details.chart-numbers', {}, h('summary', {}, 'Show the numbers'), numbers(drawing.table, title)),
  );
}

// What cannot be drawn is named: there is no place on an axis for what is no number.
function drawingOf(chart) {
  if (!isSound(chart)) return null;
  if (chart?.type === 'pie') {
    const total = chart.segments.reduce((sum, { value }) => sum + value, 0);
    const share = (value) => `${Math.round((value / total) * 100)}%`;
    return {
      draw: (width) => drawPie(chart.segments, width),
      legend: chart.segments.map(({ label, value }) => `${label} (${share(value)})`),
      table: [
        ['', 'Value', 'Share'],
        ...chart.segments.map(({ label, value }) => [label, number(value), share(value)]),
      ],
    };
  }
  const { categories } = chart.axis_config;
  const valueAt = (one, category) => one.data.find(({ label }) => label === category)?.value;
  return {
    draw: (width) => drawPlot(chart, width),
    legend: chart.series.map(({ name }) => name),
    table: [
      [chart.axis_config.x_label ?? '', ...chart.series.map(({ name }) => name)],
      ...categories.map((category) => [category, ...chart.series.map((one) => number(valueAt(one, category)))]),
    ],
  };
}

function isSound(chart) {
  const all = (list, fits) => Array.isArray(list) && list.length > 0 && list.every(fits);
  const isName = (name) => typeof name === 'string';
  const isPoint = (point) => isName(point?.label) && Number.isFinite(point.value);
  if (chart?.type === 'pie') return all(chart.segments, (each) => isPoint(each) && each.value > 0);
  if (!['bar', 'area', 'line'].includes(chart?.type)) return false;
  const isSeries = (one) => isName(one?.name) && all(one.data, isPoint);
  return all(chart.axis_config?.categories, isName) && all(chart.series, isSeries);
}

function labelled(drawing, title, kind) {
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', `${title}: ${kind} chart. Its numbers follow as a table.`);
  return drawing;
}

function legend(names) {
  return h(
    'ul.chart-legend',
    {},
    names.map((name, at) => h('li', {}, h('span.swatch', { class: `series-${at % 6}`, 'aria-hidden': 'true' }), name)),
  );
}

function numbers([head, ...rows], title) {
  return h(
    'div.table-scroll',
    { tabindex: '0', role: 'region', 'aria-label': `Numbers of ${title}` },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, head.map((cell) => h('th', { scope: 'col' }, cell)))),
      h(
        'tbody',
        {},
        rows.map(([name, ...cells]) =>
          h('tr', {}, h('th', { scope: 'row' }, name), cells.map((cell) => h('td.align-right', {}, cell))),
        ),
      ),
    ),
  );
}

function number(value) {
  return value === undefined ? '' : new Intl.NumberFormat('en-US').format(value);
}

/**
 * Zoom and hover of figures, in the page itself: no library, and a page that is complete without it.
 *
 * A figure with an axis of time has marks whose places are known when the page is read; zooming moves them along the axis
 * and draws new ticks. Figures with the same scale and the same ends move together. Every x in a path is moved on its
 * own, so that patterns and lines keep their size, and nothing becomes thinner than a pixel.
 */
export const PAGE_SCRIPT = `
'use strict';
(function () {
  var NAMES = ['1 µs', '10 µs', '100 µs', '1 ms', '10 ms', '100 ms', '1 s', '10 s', '100 s'];
  var MOST = { linear: 200000, log: 12 };
  var tip = document.getElementById('tip');

  function numbers(path) {
    var out = [], re = /([MLHhvVZzC])|(-?[0-9.]+(?:e-?[0-9]+)?)/g, m;
    while ((m = re.exec(path))) out.push(m[1] || +m[2]);
    return out;
  }
  function placeOf(text) {
    var m = /translate\\(([-0-9.e]+),\\s*([-0-9.e]+)\\)/.exec(text || '');
    return m ? [+m[1], +m[2]] : [0, 0];
  }
  function mark(node) {
    var kind = node.tagName;
    if (kind === 'path') return { node: node, path: numbers(node.getAttribute('d') || ''), place: placeOf(node.getAttribute('transform')) };
    return { node: node, place: placeOf(node.getAttribute('transform')), x2: +(node.getAttribute('x2') || 0) };
  }
  function Plot(figure) {
    var self = this;
    this.figure = figure;
    this.scale = figure.dataset.scale;
    this.from = +figure.dataset.from;
    this.to = +figure.dataset.to;
    this.a = this.from;
    this.b = this.to;
    this.picture = figure.querySelector('.picture');
    this.svg = this.picture.querySelector('svg');
    this.marks = [];
    this.svg.querySelectorAll('g.role-mark').forEach(function (group) {
      if (/mark-group/.test(group.getAttribute('class')) || /side_/.test(group.getAttribute('class'))) return;
      Array.prototype.forEach.call(group.children, function (node) {
        if (/^(path|line|text)$/.test(node.tagName)) self.marks.push(mark(node));
      });
    });
    this.axes = Array.prototype.map.call(this.svg.querySelectorAll('g.x-axis'), function (axis) {
      return { ticks: axis.querySelector('.role-axis-tick'), labels: axis.querySelector('.role-axis-label') };
    });
    this.grids = Array.prototype.filter.call(this.svg.querySelectorAll('.role-axis-grid'), function (grid) {
      return grid.firstElementChild && grid.firstElementChild.getAttribute('x2') === '0';
    });
    this.width = 640;
    figure.querySelector('.tools').hidden = false;
  }
  Plot.prototype.at = function (position) {
    return ((position - this.a) / (this.b - this.a)) * this.width;
  };
  Plot.prototype.show = function (a, b) {
    var whole = this.to - this.from, span = Math.min(whole, Math.max(whole / MOST[this.scale], b - a));
    var middle = (a + b) / 2;
    a = Math.max(this.from, Math.min(this.to - span, middle - span / 2));
    this.a = a;
    this.b = a + span;
    var k = whole / span, shift = -((a - this.from) / whole) * this.width * k, W = this.width;
    function moved(x) { return Math.max(-9999, Math.min(9999, x * k + shift)); }
    this.marks.forEach(function (one) { place(one, moved, k, W); });
    this.ticks();
  };
  function place(one, moved, k, W) {
    var node = one.node;
    if (node.tagName === 'line') {
      var x = moved(one.place[0]);
      node.setAttribute('transform', 'translate(' + x + ',' + one.place[1] + ')');
      node.setAttribute('x2', moved(one.place[0] + one.x2) - x);
      return;
    }
    if (node.tagName === 'text') {
      node.setAttribute('transform', 'translate(' + moved(one.place[0]) + ',' + one.place[1] + ')');
      return;
    }
    var out = '', command = '', turn = 0, x0 = 0, px = one.place[0];
    for (var i = 0; i < one.path.length; i++) {
      var part = one.path[i];
      if (typeof part === 'string') { command = part; turn = 0; out += part; continue; }
      if (command === 'h') {
        var right = moved(x0 + part + px), left = moved(x0 + px), wide = right - left;
        out += Math.abs(wide) < 1 && k > 1 ? (wide < 0 ? -1 : 1) : wide;
        x0 += part;
      } else if (command === 'v' || command === 'V') out += part;
      else {
        var isX = turn % 2 === 0;
        if (isX) { x0 = part; out += (turn ? ' ' : '') + (moved(part + px) - px); } else out += ',' + part;
        turn++;
      }
    }
    node.setAttribute('d', out);
    void W;
  }
  function nice(span) {
    var raw = span / 8, ten = 1;
    while (ten > raw) ten /= 10;
    while (ten * 10 <= raw) ten *= 10;
    return ten * (raw / ten < 1.5 ? 1 : raw / ten < 3.5 ? 2 : raw / ten < 7.5 ? 5 : 10);
  }
  Plot.prototype.ticks = function () {
    var self = this, list = [], i;
    if (this.scale === 'log') {
      for (i = Math.ceil(this.a - 1e-9); i <= this.b + 1e-9; i++) list.push([i, NAMES[i]]);
      if (this.b - this.a < 3) {
        for (i = Math.floor(this.a); i <= this.b; i++) [2, 5].forEach(function (n) {
          var at = i + Math.log10(n), unit = NAMES[i] && NAMES[i].split(' ');
          if (unit && at >= self.a && at <= self.b) list.push([at, unit[0] * n + ' ' + unit[1]]);
        });
      }
    } else {
      var step = nice(this.b - this.a), digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
      for (i = Math.ceil(this.a / step); i * step <= this.b + step * 1e-6; i++) list.push([i * step, (i * step).toFixed(digits)]);
    }
    this.axes.forEach(function (axis) { draw(axis, list, self); });
    this.grids.forEach(function (grid) { redraw(grid, 'line', list, self); });
  };
  function draw(axis, list, plot) {
    if (axis.ticks) redraw(axis.ticks, 'line', list, plot);
    if (axis.labels) redraw(axis.labels, 'text', list, plot);
  }
  function redraw(group, kind, list, plot) {
    var model = group.model || (group.model = group.firstElementChild && group.firstElementChild.cloneNode(true));
    if (!model) return;
    var y = placeOf(model.getAttribute('transform'))[1];
    while (group.firstChild) group.removeChild(group.firstChild);
    list.forEach(function (tick) {
      var node = model.cloneNode(true);
      node.setAttribute('transform', 'translate(' + plot.at(tick[0]) + ',' + y + ')');
      node.setAttribute('opacity', '1');
      if (kind === 'text') { node.textContent = tick[1]; node.setAttribute('text-anchor', 'middle'); }
      group.appendChild(node);
    });
  }

  var plots = Array.prototype.map.call(document.querySelectorAll('figure[data-scale]'), function (figure) { return new Plot(figure); });
  function showAll(plot, a, b) {
    plots.forEach(function (other) {
      if (other.scale === plot.scale && other.from === plot.from && (other === plot || (plot.scale === 'linear' && other.to === plot.to))) other.show(a, b);
    });
  }
  function zoom(plot, factor, centre) {
    var c = centre === undefined ? (plot.a + plot.b) / 2 : centre;
    showAll(plot, c - (c - plot.a) * factor, c + (plot.b - c) * factor);
  }
  plots.forEach(function (plot) {
    var picture = plot.picture, held = null;
    function positionOf(event) {
      var root = plot.svg.querySelector('.mark-rect .background, path.background') || plot.svg;
      var box = plot.svg.querySelector('path.background');
      var matrix = (box || root).getScreenCTM();
      return plot.a + ((event.clientX - matrix.e) / matrix.a / plot.width) * (plot.b - plot.a);
    }
    plot.figure.querySelectorAll('button[data-zoom]').forEach(function (button) {
      button.addEventListener('click', function () {
        var what = button.dataset.zoom;
        if (what === 'to') showAll(plot, +button.dataset.from, +button.dataset.to);
        else if (what === 'all') showAll(plot, plot.from, plot.to);
        else zoom(plot, what === 'in' ? 0.5 : 2);
      });
    });
    picture.addEventListener('keydown', function (event) {
      var by = (plot.b - plot.a) / 5, key = event.key;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (key === 'ArrowLeft') showAll(plot, plot.a - by, plot.b - by);
      else if (key === 'ArrowRight') showAll(plot, plot.a + by, plot.b + by);
      else if (key === '+' || key === '=') zoom(plot, 0.5);
      else if (key === '-') zoom(plot, 2);
      else if (key === '0' || key === 'Home') showAll(plot, plot.from, plot.to);
      else return;
      event.preventDefault();
    });
    picture.addEventListener('wheel', function (event) {
      if (!event.ctrlKey && !event.shiftKey && document.activeElement !== picture) return;
      event.preventDefault();
      zoom(plot, (event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8, positionOf(event));
    }, { passive: false });
    picture.addEventListener('dblclick', function (event) { zoom(plot, 0.25, positionOf(event)); });
    picture.addEventListener('pointerdown', function (event) {
      if (event.button !== 0) return;
      held = { x: event.clientX, a: plot.a, b: plot.b, id: event.pointerId };
    });
    picture.addEventListener('pointermove', function (event) {
      if (!held || Math.abs(event.clientX - held.x) < 3) return;
      picture.setPointerCapture(held.id);
      picture.classList.add('held');
      var box = plot.svg.getBoundingClientRect(), scale = box.width / plot.svg.viewBox.baseVal.width;
      var by = ((event.clientX - held.x) / scale / plot.width) * (held.b - held.a);
      showAll(plot, held.a - by, held.b - by);
    });
    ['pointerup', 'pointercancel'].forEach(function (name) {
      picture.addEventListener(name, function () { held = null; picture.classList.remove('held'); });
    });
  });

  document.addEventListener('pointermove', function (event) {
    var target = event.target && event.target.closest && event.target.closest('[data-tip]');
    if (!target) { tip.hidden = true; return; }
    tip.textContent = target.getAttribute('data-tip');
    tip.hidden = false;
    var box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(innerWidth - box.width - 8, event.clientX + 14)) + 'px';
    tip.style.top = (event.clientY + 18 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 18) + 'px';
  });
  document.addEventListener('keydown', function (event) { if (event.key === 'Escape') tip.hidden = true; });
  addEventListener('beforeprint', function () { document.querySelectorAll('details').forEach(function (one) { one.open = true; }); });
})();
`;

/* Interactive figures. The script of a concept says what can be moved, computes and draws. Here are the handles for
   mouse, touch and keyboard, the controls, the numbers, and the redrawing at the width that the page gives.
   Classic scripts, since a page opened from a folder may load no modules. */
"use strict";

window.mathref = (() => {
  const figures = {};
  const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
  const make = (space) => (name, attributes, ...children) => {
    const node = document.createElementNS(`http://www.w3.org/${space}`, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const [html, svg, math] = ["1999/xhtml", "2000/svg", "1998/Math/MathML"].map(make);

  const dot = (x, y) => x.reduce((sum, entry, i) => sum + entry * y[i], 0);
  const scale = (c, x) => x.map((entry) => c * entry);
  const times = (A, x) => A.map((row) => dot(row, x));
  const circle = Array.from({ length: 361 }, (_, i) => [Math.cos((i * Math.PI) / 180), Math.sin((i * Math.PI) / 180)]);

  function number(x, digits = 2) {
    if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
    const text = Math.abs(x) < 1e5 ? x.toFixed(digits) : x.toExponential(1).replace("+", "");
    return (Number(text) === 0 ? text.replace("-", "") : text).replaceAll("-", "−");
  }
  const tuple = (entries, digits = 1) => `(${entries.map((x) => number(x, digits)).join(", ")})`;
  const part = (colour, ...words) => html("span", { class: colour }, ...words);

  /** A matrix as MathML, each column in the colour of its arrow. */
  function matrix(A, colours = [], digits = 2) {
    const cell = (x, j) => math("mtd", { class: colours[j] ?? "" }, math("mn", {}, number(x, digits)));
    const rows = A.map((row) => math("mtr", {}, ...row.map(cell)));
    return math("math", {}, math("mtable", { class: "mr-touch__matrix" }, ...rows));
  }

  /** A drawing area that shows at least a box of the plane. Kinds are classes: a colour, dashed, thin, small, ... */
  class View {
    constructor({ label, box, height = 340, free = false, pad = [0, 0, 0, 0], kind = "" }) {
      Object.assign(this, { box, height, free, pad });
      [this.drawing, this.handles] = [svg("g", { "aria-hidden": "true" }), svg("g", {})];
      const attributes = { class: `mr-touch__view ${kind}`, role: "group", "aria-label": label };
      this.element = svg("svg", attributes, this.drawing, this.handles);
    }
    fit() {
      const [[left, bottom, right, top], [above, after, below, before]] = [this.box, this.pad];
      const width = this.element.getBoundingClientRect().width || 320;
      const inner = width - before - after;
      const tallest = this.free ? Infinity : (inner / (right - left)) * (top - bottom);
      const unit = Math.min(this.height - above - below, tallest) / (top - bottom);
      this.units = [this.free ? inner / (right - left) : unit, unit];
      this.origin = [before + inner / 2 - ((left + right) / 2) * this.units[0], above + top * unit];
      this.size = [width, above + (top - bottom) * unit + below];
      this.element.setAttribute("viewBox", `0 0 ${this.size.join(" ")}`);
      this.element.setAttribute("height", this.size[1]);
    }
    at([x, y]) {
      const place = [this.origin[0] + x * this.units[0], this.origin[1] - y * this.units[1]];
      return place.map((z) => clamp(z, -1e5, 1e5)); // a diverging path has numbers that no browser draws
    }
    from([x, y]) {
      return [(x - this.origin[0]) / this.units[0], (this.origin[1] - y) / this.units[1]];
    }
    add(name, kind, attributes, ...words) {
      this.drawing.append(svg(name, { class: kind, ...attributes }, ...words));
    }
    line(points, kind) {
      this.add("polyline", `mr-line ${kind}`, { points: points.map(this.at, this).join(" ") });
    }
    area(points, kind) {
      this.add("polygon", `mr-area ${kind}`, { points: points.map(this.at, this).join(" ") });
    }
    through(v, kind) {
      this.line([scale(-99, v), scale(99, v)], kind);
    }
    rectangle([left, y0], [right, y1], kind, opacity) {
      const [[x, y], [far, low]] = [this.at([left, Math.max(y0, y1)]), this.at([right, Math.min(y0, y1)])];
      this.add("rect", `mr-fill ${kind}`, { x, y, width: far - x, height: low - y, "fill-opacity": opacity });
    }
    dot(point, kind, r = 4) {
      const [cx, cy] = this.at(point);
      this.add("circle", `mr-fill ${kind}`, { cx, cy, r });
    }
    text(point, words, kind, [right, up] = [0, 0]) {
      const [x, y] = this.at(point);
      this.add("text", `mr-label ${kind}`, { x: x + right, y: y - up }, words);
    }
    arrow(tip, kind, words = "", start = [0, 0]) {
      const [[x, y], [x0, y0]] = [this.at(tip), this.at(start)];
      const length = Math.hypot(x - x0, y - y0) || 1;
      const [u, v, head] = [(x - x0) / length, (y - y0) / length, Math.min(11, length)];
      const corner = (side) => [x - head * (u + side * v), y - head * (v - side * u)];
      this.line([start, this.from([x - 0.7 * head * u, y - 0.7 * head * v])], kind);
      this.add("polygon", `mr-fill ${kind}`, { points: [[x, y], corner(0.4), corner(-0.4)].join(" ") });
      this.text(tip, words, `${kind} middle`, [20 * u, -20 * v - 5]);
    }
    grid() {
      const [[left, bottom], [right, top]] = [this.from([0, this.size[1]]), this.from([this.size[0], 0])];
      const kind = (k) => (k ? "faint thin" : "muted thin");
      for (let x = Math.ceil(left); x <= right; x++) this.line([[x, bottom], [x, top]], kind(x));
      for (let y = Math.ceil(bottom); y <= top; y++) this.line([[left, y], [right, y]], kind(y));
    }
    levels(heights, say = String) {
      for (const y of heights) {
        this.line([[this.box[0], y], [this.box[2], y]], "faint thin");
        this.text([this.box[0], y], say(y), "muted end small", [-6, -4]);
      }
    }
  }

  /** A handle for the point state[key] of the plane. */
  const tip = (key, label, colour) => ({ label, colour, at: (all) => all[key], move: (_, to) => ({ [key]: to }) });

  /** p with entry i set to a share; what the others have of the rest stays in proportion. */
  function withShare(p, i, share) {
    const rest = p.reduce((sum, x, j) => (j === i ? sum : sum + x), 0);
    return p.map((x, j) => (j === i ? share : (rest > 0 ? x / rest : 1 / (p.length - 1)) * (1 - share)));
  }

  /** Handles for the tops of the bars of the distribution state[key], bar i standing at place(i). */
  const bars = (key, names, colour, place) =>
    names.map((name, i) => {
      const at = (state) => [place(i), state[key][i]];
      const move = (state, [, share]) => ({ [key]: withShare(state[key], i, share) });
      return { label: `Probability ${key} of ${name}`, colour, upright: true, step: 0.01, reach: 13, at, move };
    });

  function addHandle({ label, colour, at, move, step = 0.1, upright, along, reach = 16 }, view, get, update) {
    const [left, bottom, right, top] = view.box;
    const [least, most] = upright ? [bottom, top] : [left, right];
    const circle = (kind, r) => svg("circle", { class: `mr-handle__${kind}`, r });
    const named = { class: `mr-handle ${colour}`, role: "slider", tabindex: 0, "aria-label": label };
    const limits = { "aria-valuemin": least, "aria-valuemax": most };
    const node = svg("g", { ...named, ...limits }, circle("reach", reach), circle("knob", 6));
    view.handles.append(node);
    const snap = (x, low, high) => Number(clamp(Math.round(x / step) * step, low, high).toFixed(6)) + 0; // + 0: no -0
    const go = ([x, y]) => update(move(get(), [snap(x, left, right), snap(y, bottom, top)]));
    node.addEventListener("pointerdown", (event) => {
      node.setPointerCapture(event.pointerId);
      node.focus({ preventScroll: true });
    });
    // Chromium heeds touch-action on a whole SVG only, and the page would scroll instead.
    node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    node.addEventListener("pointermove", (event) => {
      const corner = view.element.getBoundingClientRect();
      if (node.hasPointerCapture(event.pointerId)) go(view.from([event.clientX - corner.x, event.clientY - corner.y]));
    });
    node.addEventListener("keydown", (event) => {
      if (!(event.key in ARROWS)) return;
      const [x, y] = at(get());
      const [across, up] = scale(step * (event.shiftKey ? 10 : 1), ARROWS[event.key]);
      // A handle that has one way to go takes both pairs of keys for it: a bar goes up, a point along a curve across.
      go(upright ? [x, y + across + up] : along ? [x + across + up, y] : [x + across, y + up]);
      event.preventDefault();
    });
    return () => {
      const point = at(get());
      node.setAttribute("transform", `translate(${view.at(point)})`);
      node.setAttribute("aria-valuenow", point[upright ? 1 : 0]);
      node.setAttribute("aria-valuetext", upright ? number(point[1]) : tuple(point, step < 0.1 ? 2 : 1));
    };
  }

  /** A slider for state[key]. `read` and `write` turn its position into the value and back. */
  function addControl({ key, label, min, max, step, say, read = Number, write = Number }, panel, get, update) {
    const input = html("input", { type: "range", min, max, step });
    const shown = html("span", { class: "mr-touch__value" });
    input.addEventListener("input", () => update({ [key]: read(Number(input.value)) }));
    panel.append(html("label", {}, html("span", {}, label), input, shown));
    return () => {
      input.value = write(get()[key]);
      shown.textContent = say(get()[key]);
      input.setAttribute("aria-valuetext", shown.textContent);
    };
  }

  function addPreset([name, preset], panel, get, update) {
    const button = html("button", { type: "button" }, name);
    button.addEventListener("click", () => update(typeof preset === "function" ? preset(get()) : preset));
    panel.append(button);
    const holds = ([key, value]) => String(get()[key]) === String(value);
    if (typeof preset === "function") return () => {};
    return () => button.setAttribute("aria-pressed", Object.entries(preset).every(holds));
  }

  /** Puts the moving figure in the place of its picture; the caption stays. */
  function mount(place, { views, handles = [], controls = [], presets, state: rest, hint, compute, draw, say }) {
    const areas = views.map((view) => new View(view));
    const examples = html("div", { class: "mr-touch__controls", role: "group", "aria-label": "Examples" });
    const panel = html("div", { class: "mr-touch__controls" });
    const numbers = html("output", { class: "mr-touch__numbers" });
    let [state, quiet] = [{ ...Object.values(presets)[0], ...rest }, 0];
    const show = () => {
      const values = compute(state);
      for (const area of areas) area.drawing.replaceChildren();
      draw(areas, state, values);
      numbers.replaceChildren(...say(state, values).map((line) => part("mr-touch__line", ...line)));
      for (const sync of parts) sync();
    };
    const speak = (how) => {
      numbers.setAttribute("aria-live", how);
      show();
    };
    const update = (change) => {
      state = { ...state, ...change };
      clearTimeout(quiet);
      quiet = setTimeout(speak, 400, "polite"); // read aloud once the hand rests, not at every pixel
      speak("off");
    };
    const get = () => state;
    const parts = [
      ...handles.map((handle) => addHandle(handle, areas[handle.view ?? 0], get, update)),
      ...Object.entries(presets).map((preset) => addPreset(preset, examples, get, update)),
      ...controls.map((control) => addControl(control, panel, get, update)),
    ];
    const fit = () => {
      for (const area of areas) area.fit();
      show();
    };
    const frame = html("div", { class: "mr-touch__views" }, ...areas.map((area) => area.element));
    const touch = html("div", { class: "mr-touch" }, html("p", {}, hint), frame, examples, panel, numbers);
    place.querySelector("svg").before(touch); // which the style sheet now keeps for paper
    place.removeAttribute("tabindex"); // it no longer scrolls
    addEventListener("resize", fit);
    fit();
  }

  /** Waits until a place is almost on the screen: a page is shown sooner without the figures further down. Not if a link
      leads to a passage: what stands above it must have its height. */
  function near(place, arrive) {
    if (location.hash) return arrive();
    const watch = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      watch.disconnect();
      arrive();
    }, { rootMargin: "25%" });
    watch.observe(place);
  }

  function figure(definition) {
    figures[definition.slug] = definition;
    for (const place of document.querySelectorAll(`[data-interactive="${definition.slug}"]`)) {
      near(place, () => mount(place, definition));
    }
  }

  return { bars, circle, dot, figure, figures, matrix, number, part, scale, times, tip, tuple };
})();

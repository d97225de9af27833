// Gestures on the map: mouse, touch, wheel, keys and buttons move it, zoom it and open what is on it.

const CLICK_SLIP = 6; // pixels that the pointer may move during a click
const PAN_STEP = 60; // pixels that an arrow key moves the map
const ZOOM_MS = 160; // of a zoom by button or key
const EDGE = 40; // pixels; a point reached by key that is nearer to the edge is centred
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

class Gestures {
  constructor(map) {
    this.map = map;
    this.pointers = new Map(); // positions of those that are down, by id
    const listen = (name, handle) => map.area.addEventListener(name, (event) => { if (map.plane) handle(event); }, { passive: false });
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.move(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointercancel", ({ pointerId }) => this.pointers.delete(pointerId));
    listen("pointerleave", ({ pointerType }) => { // a lifted finger leaves, too
      if (pointerType !== "touch" && !this.pointers.size) map.clearSelection();
    });
    listen("wheel", (event) => this.wheel(event));
    listen("keydown", (event) => this.key(event));
    for (const button of map.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoomBy(Number(button.dataset.zoom)));
    }
  }

  at({ clientX, clientY }) {
    const { area } = this.map, box = area.getBoundingClientRect();
    return [clientX - box.left - area.clientLeft, clientY - box.top - area.clientTop];
  }

  down(event) {
    if (event.target.closest("button")) return;
    this.map.area.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.at(event));
    this.clickStart = this.pointers.size === 1 ? this.at(event) : undefined; // two fingers do not click
  }

  move(event) {
    const now = this.at(event), before = this.pointers.get(event.pointerId);
    if (!before) {
      if (event.target.closest("button")) this.map.clearSelection();
      else this.map.hover(...now);
      return;
    }
    const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other && this.clickStart && distance(now, this.clickStart) < CLICK_SLIP) return;
    this.clickStart = undefined;
    if (other) {
      const factor = distance(now, other) / distance(before, other) || 1;
      const { plane } = this.map;
      plane.view = plane.zoomed(factor, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    const share = other ? 0.5 : 1; // each of two fingers moves their midpoint by half
    this.map.pan((before[0] - now[0]) * share, (before[1] - now[1]) * share);
    this.pointers.set(event.pointerId, now);
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId) || !this.clickStart) return;
    const before = this.map.selected;
    this.map.hover(...this.at(event));
    const { selected } = this.map;
    this.clickStart = undefined;
    if (selected === -1) return;
    if (event.pointerType !== "touch" || selected === before) this.map.open(selected); // a first touch shows, a second opens
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const factor = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016));
    const { plane } = this.map;
    plane.view = plane.zoomed(factor, ...this.at(event));
    this.map.clearSelection();
    this.map.draw();
  }

  key(event) {
    const { map } = this, arrow = ARROWS[event.key];
    if (event.target !== map.area || event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow && event.shiftKey) map.pan(arrow[0] * PAN_STEP, arrow[1] * PAN_STEP);
    else if (arrow) this.step(arrow);
    else if (event.key === "Enter" && map.point >= 0) map.open(map.point);
    else if (event.key === "+" || event.key === "=") this.zoomBy(2);
    else if (event.key === "-") this.zoomBy(0.5);
    else if (event.key === "0") this.zoomBy(0);
    else if (event.key === "Escape") map.clearSelection();
    else return;
    event.preventDefault();
  }

  // Select the next point in a direction, at first the one in the middle.
  step(arrow) {
    const { plane, point } = this.map, [width, height] = plane.size;
    const to = point < 0 ? plane.nearest(width / 2, height / 2, width + height) : plane.nextPoint(point, arrow);
    if (to < 0) return;
    const [left, top] = plane.toScreen(...plane.position(to));
    const isInside = left > EDGE && top > EDGE && left < width - EDGE && top < height - EDGE;
    if (!isInside) [plane.view.x, plane.view.y] = plane.position(to);
    this.map.announce(to);
  }

  zoomBy(factor) {
    const { plane } = this.map;
    if (!plane) return;
    const from = plane.view;
    if (factor) plane.view = plane.zoomed(factor);
    else plane.showAll();
    this.map.clearSelection();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.map.draw();
    else this.animate(from, plane.view);
  }

  animate(from, to) {
    const { plane } = this.map, start = performance.now();
    let now = plane.view = { ...from };
    const step = (time) => {
      if (plane.view !== now) return; // a gesture has moved the map meanwhile
      const share = Math.min(1, Math.max(0, (time - start) / ZOOM_MS));
      const between = (axis) => from[axis] + (to[axis] - from[axis]) * share;
      const scale = from.scale * (to.scale / from.scale) ** share;
      now = plane.view = share < 1 ? { x: between("x"), y: between("y"), scale } : to;
      this.map.paint();
      if (share < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}


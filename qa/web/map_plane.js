// The plane of the map: its points, the view, the nearest point, and drawing into plain pixels.
// No WebGL: writing a hundred thousand discs into an array takes a few milliseconds on every machine.

// Twelve hues with a contrast of 3:1 to light and to dark paper; a test checks this.
const PALETTE = ["#158e77", "#dd5652", "#426dd7", "#a87f09", "#ab58be", "#279936",
  "#b74c05", "#008cba", "#bb3a6d", "#767700", "#8d75eb", "#01858a"];
const WHOLE_MAP_SHARE = 0.9; // of the window, filled by the whole map
const MAX_ZOOM = 400;

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const packed = ([r, g, b]) => (255 << 24 | b << 16 | g << 8 | r) >>> 0; // as little-endian pixels hold it

class Plane {
  constructor(buffer) {
    this.count = buffer.byteLength / 12;
    this.points = new Float32Array(buffer, 0, 2 * this.count);
    this.posts = new Uint32Array(buffer, 8 * this.count, this.count);
    this.hue = new Uint8Array(this.count);
    this.hues = new Map();
    for (let at = 0; at < this.count; at += 1) {
      const post = this.posts[at];
      if (!this.hues.has(post)) this.hues.set(post, this.hues.size % PALETTE.length);
      this.hue[at] = this.hues.get(post);
    }
    this.size = [1, 1];
    this.measure();
    this.hash();
    this.showAll();
  }

  colourOf(post) { return PALETTE[this.hues.get(post) ?? 0]; }

  measure() {
    const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
    for (let at = 0; at < 2 * this.count; at += 1) {
      const value = this.points[at], axis = at & 1;
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
    if (!this.count) low.fill(0), high.fill(0);
    this.low = low;
    this.extent = [high[0] - low[0] || 1, high[1] - low[1] || 1];
    this.middle = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
  }

  // Points by the square they lie in, a few to a square: start[square] to start[square + 1] of `inSquare`.
  hash() {
    this.side = Math.max(this.extent[0], this.extent[1]) / Math.max(1, Math.sqrt(this.count / 2));
    this.columns = Math.floor(this.extent[0] / this.side) + 1;
    this.rows = Math.floor(this.extent[1] / this.side) + 1;
    this.start = new Uint32Array(this.columns * this.rows + 1);
    for (let at = 0; at < this.count; at += 1) this.start[this.square(at) + 1] += 1;
    for (let square = 1; square < this.start.length; square += 1) this.start[square] += this.start[square - 1];
    const next = this.start.slice();
    this.inSquare = new Uint32Array(this.count);
    for (let at = 0; at < this.count; at += 1) this.inSquare[next[this.square(at)]++] = at;
  }

  square(at) { return this.line(this.points[2 * at + 1], 1) * this.columns + this.line(this.points[2 * at], 0); }

  line(value, axis) {
    const last = (axis ? this.rows : this.columns) - 1;
    return Math.min(last, Math.max(0, Math.floor((value - this.low[axis]) / this.side)));
  }

  // The view: the map's position in the middle of the window, and pixels per unit.
  showAll() {
    const fits = Math.min(this.size[0] / this.extent[0], this.size[1] / this.extent[1]);
    this.whole = WHOLE_MAP_SHARE * fits;
    this.view = { x: this.middle[0], y: this.middle[1], scale: this.whole };
  }

  resize(width, height) {
    const zoom = this.view.scale / this.whole;
    const { x, y } = this.view;
    this.size = [width, height];
    this.showAll();
    if (zoom !== 1) this.view = { x, y, scale: this.whole * zoom };
  }

  get zoom() { return this.view.scale / this.whole; }
  toScreen(x, y) {
    const { view, size } = this;
    return [(x - view.x) * view.scale + size[0] / 2, (y - view.y) * view.scale + size[1] / 2];
  }
  toMap(left, top) {
    const { view, size } = this;
    return [(left - size[0] / 2) / view.scale + view.x, (top - size[1] / 2) / view.scale + view.y];
  }
  position(at) { return [this.points[2 * at], this.points[2 * at + 1]]; }

  zoomed(factor, left = this.size[0] / 2, top = this.size[1] / 2) {
    const [x, y] = this.toMap(left, top);
    const scale = Math.min(MAX_ZOOM * this.whole, Math.max(this.whole / 2, this.view.scale * factor));
    const kept = this.view.scale / scale; // the point under the pointer stays under it
    return { x: x - (x - this.view.x) * kept, y: y - (y - this.view.y) * kept, scale };
  }

  // The point nearest to a position of the window, of those within so many pixels; -1 where there is none.
  nearest(left, top, within) {
    const [x, y] = this.toMap(left, top);
    const reach = within / this.view.scale;
    let best = -1, least = reach * reach;
    for (let row = this.line(y - reach, 1); row <= this.line(y + reach, 1); row += 1) {
      for (let column = this.line(x - reach, 0); column <= this.line(x + reach, 0); column += 1) {
        const square = row * this.columns + column;
        for (let n = this.start[square]; n < this.start[square + 1]; n += 1) {
          const at = this.inSquare[n];
          const far = (this.points[2 * at] - x) ** 2 + (this.points[2 * at + 1] - y) ** 2;
          if (far <= least) { least = far; best = at; }
        }
      }
    }
    return best;
  }

  // The next point in a direction: near, and rather ahead than aside; -1 where there is none.
  nextPoint(from, [right, down]) {
    const [x, y] = this.position(from);
    let best = -1, least = Infinity;
    for (let at = 0; at < this.count; at += 1) {
      const ahead = (this.points[2 * at] - x) * right + (this.points[2 * at + 1] - y) * down;
      if (ahead <= 0 || at === from) continue;
      const aside = Math.abs((this.points[2 * at] - x) * down) + Math.abs((this.points[2 * at + 1] - y) * right);
      if (aside > ahead) continue;
      const cost = ahead + 2 * aside;
      if (cost < least) { least = cost; best = at; }
    }
    return best;
  }

  radius() { // in pixels of the page
    const alone = this.count < 400 ? 5 : this.count < 4_000 ? 3.6 : this.count < 30_000 ? 2.2 : 1.5;
    return Math.min(7, alone * Math.max(0.8, this.zoom) ** 0.35);
  }

  // All points as discs, into an image `ratio` times as fine as the page; with a post to show, the others fade.
  draw(image, paper, ratio, shown) {
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(packed(paper));
    const radius = this.radius() * ratio;
    const strength = this.count > 30_000 ? 0.75 : 0.9;
    if (shown === undefined) return this.discs(image, pixels, disc(radius, strength), ratio, () => true);
    this.discs(image, pixels, disc(radius, 0.16), ratio, (post) => post !== shown);
    return this.discs(image, pixels, disc(radius * 1.25, 1), ratio, (post) => post === shown);
  }

  discs({ width, height }, pixels, { reach, across, down, weight }, ratio, wanted) {
    const colours = PALETTE.map((hex) => packed(rgb(hex)));
    const { view, points, hue, posts } = this;
    const scale = view.scale * ratio;
    const left = width / 2 - view.x * scale + 0.5, top = height / 2 - view.y * scale + 0.5;
    const steps = across.map((x, n) => x + down[n] * width);
    const size = steps.length;
    for (let at = 0; at < this.count; at += 1) {
      const x = points[2 * at] * scale + left, y = points[2 * at + 1] * scale + top;
      if (x < reach || y < reach || x >= width - reach || y >= height - reach || !wanted(posts[at])) continue;
      const centre = (y | 0) * width + (x | 0);
      const colour = colours[hue[at]];
      const redBlue = colour & 0xff00ff, green = colour & 0x00ff00;
      for (let n = 0; n < size; n += 1) {
        const spot = centre + steps[n], under = pixels[spot], how = weight[n];
        const b = under & 0xff00ff, g = under & 0x00ff00;
        pixels[spot] = 0xff000000
          | ((b + ((redBlue - b) * how >> 8)) & 0xff00ff)
          | ((g + ((green - g) * how >> 8)) & 0x00ff00);
      }
    }
  }
}

// The pixels of a disc around its middle, each with how much of it is covered, 0 to 256.
function disc(radius, strength) {
  const reach = Math.ceil(radius), across = [], down = [], weight = [];
  for (let y = -reach; y <= reach; y += 1) {
    for (let x = -reach; x <= reach; x += 1) {
      const covered = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x, y)));
      if (covered > 0) across.push(x), down.push(y), weight.push(Math.round(256 * strength * covered));
    }
  }
  return { reach, across: Int32Array.from(across), down: Int32Array.from(down), weight: Int32Array.from(weight) };
}

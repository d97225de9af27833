// The map of the corpus: its points, the queries among them, their tooltip, and the lists beside.

const HIT_RADIUS = 12; // pixels around a point or query within which the pointer selects it

class PostMap extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector(".pq-map-plane");
    [this.base, this.over] = this.querySelectorAll("canvas");
    this.tip = this.querySelector(".pq-map-tip");
    this.status = this.querySelector(".pq-map-status");
    this.queries = new MapQueries();
    this.passages = new Map();
    this.point = -1;
    new Gestures(this);
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.area);
    this.changes = new MutationObserver(() => this.scheduleGather());
    this.changes.observe(document.body, { subtree: true, childList: true, characterData: true });
    this.onChanged = () => this.scheduleGather();
    document.addEventListener("pq-map-changed", this.onChanged);
  }

  disconnectedCallback() {
    this.sizes.disconnect();
    this.changes.disconnect();
    document.removeEventListener("pq-map-changed", this.onChanged);
  }

  get isShown() { return this.area.clientWidth > 0; }

  // Each time the tab comes to the front the map is asked for; the browser has it unless the posts have changed.
  async load() {
    try {
      const reply = await fetch("page/map");
      if (!reply.ok) throw new Error(reply.statusText);
      const tag = reply.headers.get("etag");
      if (tag !== this.tag) {
        this.plane = new Plane(await reply.arrayBuffer());
        this.tag = tag;
        this.passages.clear();
        this.pinnedPost = undefined;
        this.clearSelection();
        this.plane.resize(this.area.clientWidth, this.area.clientHeight);
        this.draw();
        await this.listPosts();
      }
    } catch {
      this.status.textContent = "The map cannot be read now. Is the server still running?";
      return;
    }
    if (this.hasFailed) this.queries.key = "";
    this.hasFailed = false;
    await this.gather();
  }

  async listPosts() {
    const { posts, listed } = await (await fetch("page/map/posts")).json();
    const passages = this.plane.count;
    const facts = `${passages.toLocaleString("en")} ${passages === 1 ? "passage" : "passages"} of `
      + `${posts.toLocaleString("en")} ${posts === 1 ? "post" : "posts"}`;
    this.facts = passages ? `${facts}.` : "There is no passage to show yet.";
    this.status.textContent = this.facts;
    this.area.setAttribute("aria-label", `Map of ${facts}`);
    const part = this.querySelector(".pq-map-posts");
    part.querySelector("h3").textContent = posts > listed.length ? `The ${listed.length} longest posts` : "Posts";
    part.querySelector("ul").replaceChildren(...listed.map((post) => {
      const button = this.row(post.title, String(post.passages));
      button.prepend(Object.assign(document.createElement("span"), { className: "pq-dot" }));
      button.firstChild.style.background = this.plane.colourOf(post.row);
      button.setAttribute("aria-pressed", "false");
      button.title = "Show its passages on the map";
      button.addEventListener("click", () => this.pin(post.row, button));
      button.addEventListener("pointerenter", () => this.highlight(post.row));
      button.addEventListener("pointerleave", () => this.highlight());
      return button.parentNode;
    }));
  }

  row(text, aside) {
    const item = document.createElement("li");
    const button = item.appendChild(Object.assign(document.createElement("button"), { type: "button" }));
    button.append(Object.assign(document.createElement("span"), { className: "pq-name", textContent: text }));
    if (aside) button.append(" ", Object.assign(document.createElement("small"), { textContent: aside }));
    return button;
  }

  scheduleGather() {
    clearTimeout(this.gathering);
    this.gathering = setTimeout(() => this.gather(), 150);
  }

  async gather() {
    if (!this.plane || !this.isShown) return;
    try {
      if (!await this.queries.gather(this.tag)) return;
    } catch {
      this.hasFailed = true; // tried again when the queries change, or the tab comes to the front again
      this.status.textContent = "The questions cannot be shown on the map now.";
      return;
    }
    this.hasFailed = false;
    this.status.textContent = this.facts;
    this.draw();
    const part = this.querySelector(".pq-map-questions");
    part.hidden = !this.queries.shown.length;
    part.querySelector("ul").replaceChildren(...this.queries.shown.map((query) => {
      const button = this.row(query.question, KIND_LABELS[query.kind][0]);
      button.prepend(Object.assign(document.createElement("span"), { className: `pq-shape pq-shape-${query.kind}` }));
      button.addEventListener("click", () => this.open(query));
      for (const name of ["pointerenter", "focus"]) button.addEventListener(name, () => this.selectQuery(query));
      for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => this.selectQuery());
      return button.parentNode;
    }));
  }

  // Drawing, at most once a frame.
  fit() {
    if (!this.isShown) {
      this.wasShown = false;
      return;
    }
    const ratio = Math.min(devicePixelRatio, 2);
    for (const canvas of [this.base, this.over]) {
      canvas.width = Math.round(this.area.clientWidth * ratio);
      canvas.height = Math.round(this.area.clientHeight * ratio);
    }
    this.ratio = ratio;
    this.image = undefined;
    const isNew = !this.wasShown;
    this.wasShown = true;
    this.plane?.resize(this.area.clientWidth, this.area.clientHeight);
    this.paint();
    if (isNew || !this.plane) this.load();
  }

  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.paint(); });
  }

  paint() {
    if (!this.plane || !this.isShown) return;
    const begun = performance.now();
    const context = this.base.getContext("2d", { alpha: false });
    this.image ??= context.createImageData(this.base.width, this.base.height);
    this.plane.draw(this.image, this.colours().paper, this.ratio, this.hoveredPost ?? this.pinnedPost);
    context.putImageData(this.image, 0, 0);
    this.paintOver();
    this.dataset.frame = (performance.now() - begun).toFixed(2); // milliseconds; benchmarks/page_map.py reads them
    this.dataset.points = String(this.plane.count);
  }

  paintOver() {
    const context = this.over.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.area.clientWidth, this.area.clientHeight);
    const colours = this.colours();
    this.queries.draw(context, this.plane, colours, this.query);
    if (this.point < 0) return;
    context.beginPath();
    context.arc(...this.plane.toScreen(...this.plane.position(this.point)), this.plane.radius() + 3, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = colours.ink;
    context.stroke();
  }

  colours() {
    const style = getComputedStyle(this);
    const named = (name) => style.getPropertyValue(`--pq-${name}`).trim();
    const [card, ink, accent, onAccent, warn] = ["card", "ink", "accent", "on-accent", "warn"].map(named);
    return { paper: rgb(card), card, ink, accent, onAccent, warn };
  }

  // Select what is under the pointer.
  hover(left, top) {
    const query = this.queries.nearest(this.plane, left, top, HIT_RADIUS);
    if (query) return this.selectQuery(query);
    const point = this.plane.nearest(left, top, HIT_RADIUS);
    return point < 0 ? this.clearSelection() : this.selectPoint(point);
  }

  selectQuery(query) {
    if (this.query === query) return;
    this.clearSelection();
    this.query = query;
    this.paintOver();
    if (query) this.showTip(query.question, "", KIND_LABELS[query.kind][1], this.plane.toScreen(query.x, query.y));
  }

  async selectPoint(point) {
    if (this.point === point) return undefined;
    this.query = undefined;
    this.tip.hidden = true;
    this.point = point;
    this.highlight(this.plane.posts[point]);
    const passage = await this.passage(point);
    if (this.point !== point || !passage) return undefined;
    this.showTip(passage.title, passage.words, "", this.plane.toScreen(...this.plane.position(point)));
    return passage;
  }

  // The selected query or point's number; -1 for nothing.
  get selected() { return this.query ?? this.point; }

  // Select a point, and announce it to screen readers.
  async announce(point) {
    const passage = await this.selectPoint(point);
    if (passage) this.querySelector(".pq-map-announcement").textContent = `${passage.title}: ${passage.words}`;
  }

  pan(right, down) {
    const { view } = this.plane;
    this.plane.view = { ...view, x: view.x + right / view.scale, y: view.y + down / view.scale };
    this.clearSelection();
    this.draw();
  }

  clearSelection() {
    this.tip.hidden = true;
    if (this.point < 0 && !this.query) return;
    this.point = -1;
    this.query = undefined;
    this.highlight();
  }

  highlight(post) {
    const old = this.hoveredPost;
    this.hoveredPost = post;
    if (old !== post) this.draw();
    else if (this.plane) this.paintOver();
  }

  pin(post, button) {
    const isPinned = this.pinnedPost === post;
    for (const other of this.querySelectorAll(".pq-map-posts [aria-pressed]")) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(!isPinned));
    this.pinnedPost = isPinned ? undefined : post;
    this.draw();
  }

  passage(point) {
    if (!this.passages.has(point)) {
      const asked = fetch(`page/map/passage?row=${point}`).then((reply) => (reply.ok ? reply.json() : null), () => null);
      this.passages.set(point, asked);
      asked.then((passage) => { if (!passage) this.passages.delete(point); });
    }
    return this.passages.get(point);
  }

  showTip(title, words, aside, [left, top]) {
    const [head, text, foot] = this.tip.children;
    head.textContent = title;
    text.textContent = words;
    foot.textContent = aside;
    this.tip.hidden = false;
    const room = this.area.clientWidth - this.tip.offsetWidth - 8;
    const above = top - this.tip.offsetHeight - 14;
    this.tip.style.left = `${Math.max(8, Math.min(room, left - 30))}px`;
    this.tip.style.top = `${above > 4 ? above : top + 16}px`;
  }

  async open(selected) {
    if (typeof selected === "number") {
      const passage = await this.passage(selected);
      if (passage) announceMap("pq-read", { read: passage.post, start: passage.start, end: passage.end, from: this.area });
    } else if (selected.turn) {
      document.getElementById("pq-tab-chat-button")?.click();
      const rows = [...document.querySelectorAll("#pq-log .pq-question")];
      rows.findLast((row) => row.textContent.trim() === selected.question.trim())?.scrollIntoView({ block: "start" });
    } else {
      document.getElementById("pq-tab-chat-button")?.click();
      announceMap("pq-action", { action: "ask", turn: 0, text: selected.question });
    }
  }
}

const announceMap = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
customElements.define("pq-map", PostMap);

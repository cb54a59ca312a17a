// What a script adds to the page.  Without it everything can be read all the same.
(() => {
  "use strict";

  const words = document.body.dataset;
  const page = document.querySelector("main");
  const blocks = [...page.children];
  const lines = [...page.querySelectorAll(".line")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // ---- where each quantity stands, and where it comes from ----------------------------------------------

  const ids = (text) => (text ? text.split(" ") : []);

  // A unit of the drawing stands for several quantities: its sum, its activation, its delta.
  const places = new Map();
  for (const place of page.querySelectorAll("[data-q]")) {
    for (const id of ids(place.dataset.q)) places.set(id, [...(places.get(id) || []), place]);
  }

  const origins = new Map();
  for (const line of lines) {
    for (const id of ids(line.dataset.defines)) {
      if (!origins.has(id)) origins.set(id, line);
    }
  }

  // The numbers of the first section are given; its names may be of quantities still to be computed.
  const given = new Map();
  const [, second] = page.querySelectorAll("h2");
  for (const place of page.querySelectorAll("[data-q]")) {
    if (second && !(place.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    const isNumber = !place.querySelector("mi") && !place.closest("figure");
    if (isNumber && !given.has(place.dataset.q)) given.set(place.dataset.q, place);
  }

  // What an assistive program reads in a label, a browser would show as a tooltip of its own.
  for (const title of page.querySelectorAll("svg > title")) title.remove();

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // ---- a quantity under the pointer ---------------------------------------------------------------------

  const tip = element("div", { class: "origin", role: "tooltip", id: "origin", hidden: "" });
  document.body.append(tip);
  let shown = null;

  function explanation(id) {
    if (origins.has(id)) {
      const copy = origins.get(id).cloneNode(true);
      copy.className = "line";
      for (const place of copy.querySelectorAll("[tabindex]")) place.removeAttribute("tabindex");
      return [copy];
    }
    const word = element("span", { class: "word" }, words.given);
    const fact = given.get(id).closest("dd math");
    return [element("div", {}, ...(fact ? [fact.cloneNode(true), " "] : []), word)];
  }

  function show(place) {
    hide();
    const known = ids(place.dataset.q).filter((id) => origins.has(id) || given.has(id));
    if (!known.length) return;
    shown = place;
    for (const id of known) {
      for (const same of places.get(id)) same.classList.add("same");
    }
    // on its own line nothing needs to be said again
    const elsewhere = known.filter((id) => !origins.has(id) || origins.get(id) !== place.closest(".line"));
    if (!elsewhere.length) return;
    tip.replaceChildren(...elsewhere.flatMap(explanation));
    tip.hidden = false;
    place.setAttribute("aria-describedby", "origin");
    const at = place.getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const above = place.closest("figure") ? -1 : at.top - own.height - 8; // below, so that the drawing stays clear
    const left = Math.min(at.left, document.documentElement.clientWidth - own.width - 8);
    tip.style.top = `${scrollY + (above > 0 ? above : at.bottom + 8)}px`;
    tip.style.left = `${scrollX + Math.max(8, left)}px`;
  }

  function hide() {
    if (!shown) return;
    for (const same of page.querySelectorAll(".same")) same.classList.remove("same");
    shown.removeAttribute("aria-describedby");
    tip.hidden = true;
    shown = null;
  }

  function jump(place) {
    const [target] = ids(place.dataset.q).map((id) => origins.get(id) || given.get(id)).filter(Boolean);
    if (!target) return;
    hide();
    const line = lines.indexOf(target);
    if (current >= 0 && line >= 0) go(line);
    else reveal(target);
    target.classList.remove("jumped");
    void target.getBoundingClientRect(); // so that the animation begins anew
    target.classList.add("jumped");
  }

  function reveal(target) {
    target.scrollIntoView({ block: "center", inline: "nearest", behavior: calm.matches ? "auto" : "smooth" });
  }

  page.addEventListener("pointerover", (event) => {
    const place = event.target.closest("[data-q]");
    if (place !== shown) place ? show(place) : hide();
  });
  page.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") hide(); // a finger leaves as soon as it is lifted
  });
  page.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-q]")) show(event.target);
  });
  page.addEventListener("focusout", hide);

  // A mouse hovers and then clicks; a finger's tap shows, and a tap on what is shown leads there.
  page.addEventListener("click", (event) => {
    const place = event.target.closest("[data-q]");
    if (place && event.pointerType !== "touch" && getSelection().isCollapsed) jump(place);
  });
  tip.addEventListener("click", () => shown && jump(shown));

  // ---- step by step -------------------------------------------------------------------------------------

  let current = -1;

  const button = (sign, name, action, key) => {
    const made = element("button", { type: "button", "aria-label": name, title: name }, sign);
    if (key) made.setAttribute("aria-keyshortcuts", key);
    made.addEventListener("click", action);
    return made;
  };
  const begin = button(words.begin, words.begin, () => go(0), "ArrowRight");
  const previous = button("←", words.previous, () => go(current - 1), "ArrowLeft");
  const next = button("→", words.next, () => go(current + 1), "ArrowRight");
  const close = button("✕", words.leave, leave, "Escape");
  const status = element("output", { "aria-live": "polite" });
  const bar = element("div", { class: "steps", role: "group", "aria-label": words.begin });
  bar.append(begin, previous, status, next, close);
  if (lines.length) document.body.append(bar);

  function go(to) {
    if (!lines[to]) return;
    current = to;
    paint();
    reveal(lines[current]);
  }

  function leave() {
    current = -1;
    paint();
  }

  function paint() {
    const stepping = current >= 0;
    const line = lines[current];
    const block = stepping ? blocks.findIndex((other) => other.contains(line)) : blocks.length;
    page.classList.toggle("stepping", stepping);
    blocks.forEach((other, i) => other.classList.toggle("later", i > block));
    lines.forEach((other, i) => {
      other.classList.toggle("current", i === current);
      other.classList.toggle("later", stepping && i > current && blocks[block].contains(other));
      if (i === current) other.setAttribute("aria-current", "step");
      else other.removeAttribute("aria-current");
    });
    light(line);
    begin.hidden = stepping;
    for (const part of [previous, status, next, close]) part.hidden = !stepping;
    previous.disabled = current <= 0;
    next.disabled = current === lines.length - 1;
    status.textContent = stepping
      ? words.step.replace("{n}", current + 1).replace("{count}", lines.length)
      : "";
  }

  // The drawing lights up what the line speaks of, and its quantities can be reached with the Tab key.
  function light(line) {
    for (const place of page.querySelectorAll("[data-q][tabindex]")) place.removeAttribute("tabindex");
    for (const lit of page.querySelectorAll(".lit")) lit.classList.remove("lit", "made");
    if (!line) return;
    const made = new Set(ids(line.dataset.defines));
    for (const place of line.querySelectorAll("[data-q]")) {
      place.setAttribute("tabindex", "0");
      for (const twin of places.get(place.dataset.q).filter((other) => other.closest("figure"))) {
        twin.classList.add("lit");
        if (made.has(place.dataset.q)) twin.classList.add("made");
      }
    }
  }

  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowRight") go(current < 0 ? firstInView() : current + 1);
    else if (event.key === "ArrowLeft" && current >= 0) go(current - 1);
    else if (event.key === "Escape") shown ? hide() : leave();
    else return;
    event.preventDefault();
  });

  function firstInView() {
    const found = lines.findIndex((line) => line.getBoundingClientRect().top >= 0);
    return found < 0 ? 0 : found;
  }

  page.classList.add("live");
  paint();
})();

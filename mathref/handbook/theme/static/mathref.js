// What a page does beyond being read: late layout, copying, scrolling by keyboard, marks of what was searched.
"use strict";

{
  const article = document.querySelector("article") ?? document.body;

  // What is far from the screen is laid out when it comes near; all of it before a link leads there, or for paper.
  const layOut = () => document.documentElement.classList.remove("mr-late");
  for (const event of ["beforeprint", "hashchange"]) addEventListener(event, layOut);
  document.addEventListener("click", ({ target }) => target.closest("a[href*=\"#\"]") && layOut(), true);

  // Paper waits for no font: what is out of sight or folded away asks for its own when the browser has time.
  const sizes = [1, 2, 3, 4].map((size) => `.delimsizing.size${size}`);
  const letters = ["normal", "bb", "bf", "cal", "sf"].map((name) => `.math${name}`);
  const kinds = [
    ":is(p, ul) em",
    ".katex",
    ".small-op",
    ".large-op",
    ".delim-size1 > *",
    ".delim-size4 > *",
    ...sizes,
    ...letters,
  ];
  const whenIdle = window.requestIdleCallback ?? setTimeout;
  const loadFonts = () => {
    const node = article.querySelector(kinds.pop());
    if (node) {
      const { fontStyle, fontWeight, fontFamily } = getComputedStyle(node);
      document.fonts.load(`${fontStyle} ${fontWeight} 1em ${fontFamily}`);
    }
    if (kinds.length) whenIdle(loadFonts);
  };
  addEventListener("load", () => whenIdle(loadFonts));

  // ---- copying: the theme's script copies data-clipboard-text, over plain http too

  // The button is made when the hand comes near: a page may have two hundred formulas.
  const offer = ({ target }) => {
    const formula = target.closest?.(".mr-formula");
    const math = formula?.querySelector("[data-tex]");
    if (!math || formula.querySelector(".mr-formula__copy")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy TeX" });
    button.className = "mr-formula__copy";
    button.dataset.clipboardText = math.dataset.tex;
    formula.append(button);
  };
  for (const near of ["pointerover", "focusin"]) document.addEventListener(near, offer);
  for (const link of article.querySelectorAll(".mr-snippet__link")) link.dataset.clipboardText = link.href;

  // Of a session what was typed, without prompts and outputs.
  for (const pre of article.querySelectorAll("pre:has(.gp)")) {
    const typed = pre.textContent.split("\n").filter((line) => /^(>>>|\.\.\.)( |$)/.test(line));
    pre.dataset.copy = typed.map((line) => line.slice(4)).join("\n");
  }

  // The page as Markdown is fetched when its button comes near. The button shows when it has the text to copy.
  const whole = article.querySelector(".mr-takeaway button");
  const fetched = new IntersectionObserver(async ([{ isIntersecting }]) => {
    if (!isIntersecting) return;
    fetched.disconnect();
    const found = await fetch("index.md").catch(() => null);
    if (found?.ok) whole.dataset.clipboardText = await found.text();
  }, { rootMargin: "50%" });
  if (whole && location.protocol !== "file:") fetched.observe(whole); // from files nothing is fetched

  // What is selected holds each formula once, as TeX, and no buttons; blocks stay apart.
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || !event.clipboardData) return;
    const range = selection.getRangeAt(0).cloneRange();
    const formula = (node) => (node.closest ? node : node.parentElement).closest("[data-tex]");
    const [first, last] = [range.startContainer, range.endContainer].map(formula);
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    let copied = range.cloneContents();
    if (!copied.querySelector("[data-tex]")) return;
    for (let around = range.commonAncestorContainer; article.contains(around); around = around.parentNode) {
      const shell = around.cloneNode();
      shell.append(copied);
      copied = shell;
    }
    const box = document.createElement("div");
    box.className = "mr-copied";
    box.append(copied);
    for (const math of box.querySelectorAll("[data-tex]")) {
      const display = math.closest(".katex-display");
      const mark = display ? "$$" : "$";
      (display ?? math).replaceWith(mark + math.dataset.tex + mark);
    }
    for (const aside of box.querySelectorAll("button, nav, .headerlink, .mr-snippet__link, .gp, .go")) aside.remove();
    document.body.append(box); // what is not shown has no lines
    event.clipboardData.setData("text/plain", box.innerText);
    event.clipboardData.setData("text/html", box.innerHTML);
    box.remove();
    event.preventDefault();
  });

  // ---- what the theme leaves to the mouse: long lines are scrolled by keyboard too, and buttons are no landmark

  const SCROLLED = ".md-typeset :is(pre > code, .mr-scroll, .mr-claim p)";
  const reach = (element) => {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  };
  const inView = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) reach(target);
  });
  const watch = (place) => {
    for (const scrolled of place.querySelectorAll(SCROLLED)) inView.observe(scrolled);
    for (const nav of place.querySelectorAll(".md-code__nav:not([role])")) nav.setAttribute("role", "presentation");
  };
  new MutationObserver((changes) => {
    new Set(changes.filter(({ type }) => type === "childList").map(({ target }) => target)).forEach(watch);
    for (const { type, target } of changes) { // the theme takes tab stops away where nothing hovers
      if (type === "attributes" && target.matches(SCROLLED) && !target.hasAttribute("tabindex")) reach(target);
    }
  }).observe(article, { childList: true, subtree: true, attributeFilter: ["tabindex"] });
  addEventListener("resize", () => {
    inView.disconnect();
    watch(article);
  });
  watch(article);

  // ---- a path: what is ticked off stays in this browser, under the theme's keys; storage may be closed or hold anything

  const known = __md_get("__read");
  const read = new Set(Array.isArray(known) ? known : []);
  for (const box of article.querySelectorAll("[data-step]")) {
    box.checked = read.has(box.dataset.step);
    box.addEventListener("change", () => {
      read[box.checked ? "add" : "delete"](box.dataset.step);
      __md_set("__read", [...read]);
    });
  }

  // ---- what was searched: whole words, and in the section that was found the first of them on the screen

  const sought = new URLSearchParams(location.search).get("h")?.match(/\p{L}+/gu);
  if (sought) {
    const words = new RegExp(
      `(?<![\\p{L}\\p{N}_])((?:${sought.join("|").replaceAll("z", "[sz]")})(?:e?s)?)(?![\\p{L}\\p{N}_])`,
      "iu",
    );
    const texts = document.createTreeWalker(
      article,
      NodeFilter.SHOW_TEXT,
      ({ parentElement }) =>
        parentElement.closest(".katex, svg, math, script, .headerlink")
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
    );
    const found = [];
    while (texts.nextNode()) if (words.test(texts.currentNode.data)) found.push(texts.currentNode);
    for (const text of found) {
      const pieces = text.data.split(words).map((piece, n) => {
        if (!(n % 2)) return piece;
        const mark = Object.assign(document.createElement("mark"), { textContent: piece });
        mark.dataset.mdHighlight = "";
        return mark;
      });
      text.replaceWith(...pieces);
    }
    const section = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const after = (mark) => section?.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING;
    const first = [...article.querySelectorAll("mark")].find(after);
    if (first?.getBoundingClientRect().top > innerHeight) first.scrollIntoView({ block: "center" });
  }
}

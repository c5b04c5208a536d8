// Copying: a formula as TeX, a snippet's address.
(() => {
  const say = (element, text) => {
    const before = element.textContent;
    element.textContent = text;
    setTimeout(() => { element.textContent = before; }, 1500);
  };

  // The button is made when the hand comes near: a page may have two hundred formulas.
  const offer = ({ target }) => {
    const formula = target.closest?.(".mr-formula");
    const math = formula?.querySelector("[data-tex]");
    if (!math || formula.querySelector(".mr-formula__copy")) return;
    const button = document.createElement("button");
    button.className = "mr-formula__copy";
    button.type = "button";
    button.textContent = "Copy TeX";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(math.dataset.tex);
      say(button, "Copied");
    });
    formula.append(button);
  };
  for (const near of ["pointerover", "focusin"]) document.addEventListener(near, offer);

  document.addEventListener("click", async ({ target }) => {
    if (!target.matches(".mr-snippet__link")) return;
    await navigator.clipboard.writeText(target.href);
    say(target, "copied");
  });

  // What Material leaves to the mouse: long lines are scrolled by keyboard too, and buttons are no landmark.
  const SCROLLED = ".md-typeset :is(pre > code, .mr-scroll, .mr-claim p)";
  const reach = (element) => { if (element.scrollWidth > element.clientWidth) element.tabIndex = 0; };
  const inView = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) reach(target);
  });
  const watch = (place) => {
    for (const scrolled of place.querySelectorAll(SCROLLED)) inView.observe(scrolled);
    for (const nav of place.querySelectorAll(".md-code__nav:not([role])")) nav.setAttribute("role", "presentation");
  };
  const article = document.querySelector("article") || document.body;
  new MutationObserver((changes) => {
    new Set(changes.filter(({ type }) => type === "childList").map(({ target }) => target)).forEach(watch);
    for (const { type, target } of changes) { // Material takes tab stops away where nothing hovers
      if (type === "attributes" && target.matches(SCROLLED) && !target.hasAttribute("tabindex")) reach(target);
    }
  }).observe(article, { childList: true, subtree: true, attributeFilter: ["tabindex"] });
  addEventListener("resize", () => { inView.disconnect(); watch(article); });
  watch(article);

  // What is selected and copied holds each formula once, as TeX.
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || !event.clipboardData) return;
    const copied = selection.getRangeAt(0).cloneContents();
    const formulas = copied.querySelectorAll("[data-tex]");
    if (!formulas.length) return;
    for (const math of formulas) {
      const mark = math.parentElement?.classList.contains("katex-display") ? "$$" : "$";
      math.replaceWith(mark + math.dataset.tex + mark);
    }
    event.clipboardData.setData("text/plain", copied.textContent);
    event.preventDefault();
  });
})();

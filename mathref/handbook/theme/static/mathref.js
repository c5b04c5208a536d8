// Copying: a formula as TeX, a snippet's address.
(() => {
  const say = (element, text) => {
    const before = element.textContent;
    element.textContent = text;
    setTimeout(() => { element.textContent = before; }, 1500);
  };

  for (const formula of document.querySelectorAll(".mr-formula")) {
    const math = formula.querySelector("[data-tex]");
    if (!math) continue;
    const button = document.createElement("button");
    button.className = "mr-formula__copy";
    button.type = "button";
    button.textContent = "Copy TeX";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(math.dataset.tex);
      say(button, "Copied");
    });
    formula.append(button);
  }

  for (const link of document.querySelectorAll(".mr-snippet__link")) {
    link.addEventListener("click", async () => {
      await navigator.clipboard.writeText(link.href);
      say(link, "copied");
    });
  }

  // What Material leaves to the mouse: long lines are scrolled by keyboard too, and buttons are no landmark.
  const open = () => {
    for (const scrolled of document.querySelectorAll(".md-typeset :is(pre > code, .md-typeset__scrollwrap, .mr-claim p)")) {
      if (scrolled.scrollWidth > scrolled.clientWidth) scrolled.tabIndex = 0;
    }
    for (const nav of document.querySelectorAll(".md-code__nav:not([role])")) nav.setAttribute("role", "presentation");
  };
  new MutationObserver(open).observe(document.querySelector("article") || document.body, { childList: true, subtree: true });
  addEventListener("resize", open);
  open();

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

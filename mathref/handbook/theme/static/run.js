// "Edit and run" on each snippet, by Pyodide, from the address that the site is configured with. Nothing is loaded
// before the first click.
(() => {
  const { pyodide: address, wheel } = document.currentScript.dataset;
  let loading;

  const script = (src) => new Promise((done, failed) => {
    const element = Object.assign(document.createElement("script"), { src, onload: done, onerror: () => failed(new Error(`${src} could not be loaded`)) });
    document.head.append(element);
  });

  const load = () => loading ||= (async () => {
    await script(`${address}pyodide.js`);
    const python = await loadPyodide({ indexURL: address });
    python.unpackArchive(await (await fetch(wheel)).arrayBuffer(), "wheel");
    return python;
  })();

  async function run(source, output) {
    output.textContent = "Python is being loaded …";
    try {
      const python = await load();
      await python.loadPackagesFromImports(`${source}\n${/\bmathref\b/.test(source) ? "import numpy, scipy" : ""}`);
      output.textContent = "";
      const write = { batched: (line) => { output.textContent += `${line}\n`; } };
      python.setStdout(write);
      python.setStderr(write);
      await python.runPythonAsync(source, { globals: python.toPy({ __name__: "__main__" }) });
    } catch (error) {
      output.textContent += error.message.trim().split("\n").pop();
    }
  }

  function open(snippet, button) {
    const code = snippet.querySelector("[data-snippet-source]");
    const editor = Object.assign(document.createElement("textarea"), { className: "mr-run__editor", spellcheck: false, value: code.textContent, rows: code.textContent.split("\n").length });
    editor.setAttribute("aria-label", "Python, to be edited");
    const output = Object.assign(document.createElement("pre"), { className: "mr-snippet__output", tabIndex: 0 });
    output.setAttribute("aria-label", "Output");
    output.setAttribute("aria-live", "polite");
    code.closest(".highlight").replaceWith(editor);
    const before = snippet.querySelector("[data-snippet-output]");
    if (before) before.replaceWith(output); else snippet.append(output);
    button.textContent = "Run";
    button.onclick = () => run(editor.value, output);
    return run(editor.value, output);
  }

  for (const snippet of document.querySelectorAll("[data-snippet]")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "mr-run", textContent: "Edit and run" });
    button.onclick = () => open(snippet, button);
    snippet.querySelector(".mr-snippet__head").append(button);
  }
})();

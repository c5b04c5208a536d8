// The worker behind Material's search box. It fetches what it searches, and with what, at the first query.
// Messages are Material's: 0 set-up, 1 ready, 2 a query, 3 its results.
"use strict";

const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
// In a page that was opened as a file, a frame stands in for the worker, and its address is that of the page.
const here = self.document ? document.currentScript.src : location.href;
const beside = (path) => new URL(path, here).href;

let loading;
const load = () =>
  loading ||= (async () => {
    const ours = ["words.js", "index.js", "query.js", "../../search/handbook.js"];
    await importScripts(...["../../assets/minisearch/index.js", ...ours].map(beside)); // the frame's is a promise
    prepare(self.handbook);
  })();

addEventListener("message", async ({ data: { type, data } }) => {
  if (type === SETUP) postMessage({ type: READY });
  if (type !== QUERY) return;
  const query = data.trim();
  if (query) await load();
  postMessage({ type: RESULT, data: { items: query ? answer(query) : [] } });
});

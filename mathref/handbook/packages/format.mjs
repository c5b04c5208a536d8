// Formats the files that are named; with --check it only names those that are not in order, and fails.
import { createFromBuffer } from "@dprint/formatter";
import { readFileSync, writeFileSync } from "node:fs";

const plugin = (name, options) => {
  const formatter = createFromBuffer(readFileSync(new URL(`node_modules/${name}/plugin.wasm`, import.meta.url)));
  formatter.setConfig({ lineWidth: 120, indentWidth: 2 }, options);
  return formatter;
};
// a short rule stays on one line
const formatters = { js: plugin("@dprint/typescript", {}), css: plugin("dprint-plugin-malva", { singleLineBlockThreshold: 9 }) };
const check = process.argv.includes("--check");

for (const filePath of process.argv.slice(2).filter((argument) => argument !== "--check")) {
  const fileText = readFileSync(filePath, "utf8");
  const formatted = formatters[filePath.split(".").pop()].formatText({ filePath, fileText });
  if (formatted === fileText) continue;
  if (check) process.exitCode = 1;
  else writeFileSync(filePath, formatted);
  console.log(`${filePath} ${check ? "is not in order: run .ci/scripts-and-sheets" : "was put in order"}`);
}

// A scan or photo of a certificate, dropped or chosen: what the code on its back says, beside the picture.
// The file goes to the bench and nowhere else; nothing of it is kept when the dialog shows the next one.

import { $, make } from "./dom.js";

const dialog = $("#check"), picture = $(".scan img", dialog), caption = $(".scan p", dialog), said = $(".said", dialog);
const HOW = "Choose or drop a scan of the back of a certificate: PNG, JPEG or PDF, at 300 dpi, flat and whole. A photo will do if it is sharp.";
let newest = 0;

/** Opens the dialog, ready for a scan. */
export function offerToCheck() {
  show(null, "");
  said.replaceChildren(make("p", {}, HOW));
  open();
}

/** file: a Blob. name: what it is. */
export async function checkScan(file, name) {
  const own = ++newest;
  show(file, name);
  said.replaceChildren(make("p", {}, "Reading …"));
  open();
  const told = await ask(file);
  if (own === newest) said.replaceChildren(...answer(told)); // not if another one was dropped meanwhile
}

async function ask(file) {
  try {
    const response = await fetch("paper", { method: "POST", body: file });
    return response.ok ? await response.json() : { problem: response.status === 413 ? "This file is too large." : "The bench refused this file." };
  } catch {
    return { problem: "The bench does not answer." };
  }
}

function answer({ problem, findings = [], missing = [] }) {
  if (problem) return [make("p", { class: "verdict" }, problem), make("p", {}, HOW)];
  return [...findings.flatMap(finding), ...missing.map((line) => make("p", { class: "verdict" }, line))];
}

function finding({ verdict, good, said: words, rows }) {
  const heading = make("p", { class: good ? "verdict good" : "verdict", "data-verdict": verdict }, `${good ? "✓" : "✗"} ${words}`);
  return rows.length ? [heading, make("table", {}, ...rows.map(([label, text]) => make("tr", {}, make("th", {}, label), make("td", {}, text))))] : [heading];
}

function show(file, name) {
  if (picture.src) URL.revokeObjectURL(picture.src);
  if (file?.type.startsWith("image/")) picture.src = URL.createObjectURL(file);
  else picture.removeAttribute("src");
  caption.textContent = name;
}

function open() {
  if (!dialog.open) dialog.showModal();
}

const files = (event) => [...(event.dataTransfer?.items ?? [])].some((item) => item.kind === "file");
$("input", dialog).onchange = ({ target }) => {
  const [file] = target.files;
  target.value = ""; // the same file may be chosen again
  if (file) checkScan(file, file.name);
};
addEventListener("dragover", (event) => {
  if (!files(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  if (!files(event)) return;
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) checkScan(file, file.name);
});

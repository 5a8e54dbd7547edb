// The page: each section of the bench has one function that shows it; whatever is clicked becomes an act.

import { $, fill, make, pressed } from "./dom.js";
import { Line } from "./line.js";
import { listen } from "./keyboard.js";
import { checkScan, offerToCheck } from "./paper.js";
import { offerMoments, readSetup, showSetup } from "./setup.js";

const SHOWN = 4; // sheets of a pile
const MONEY = [10, 50, 100, 500, 1000];
const TUBE = 120, LOW = 10; // coins in a hopper's tube
const canvas = $("#screen"), paint = canvas.getContext("2d");
const known = {};
let sound = true, heard = null, speaker = null, recorded = false;

const unchanging = await (await fetch("unchanging.json")).json();
[canvas.width, canvas.height] = unchanging.size;

const line = new Line({
  tile: (x, y, bitmap) => paint.drawImage(bitmap, x, y),
  section: (name, value) => { known[name] = value; show[name]?.(value); },
  notice,
  state: (open) => { if (!open) veil("The bench does not answer; trying again …\nIf you started it anew, open the URL it has printed."); else show.kiosk(known.kiosk); },
});
export const act = (does, rest = {}) => line.send({ do: does, ...rest });

// ---------------------------------------------------------------- what is shown

const show = {
  bench: (bench) => showSetup($("#setup"), bench),

  kiosk(kiosk) {
    if (!kiosk) return;
    $("#clock").textContent = kiosk.clock.slice(0, 19).replace("T", " ");
    $("#power").className = kiosk.running ? "on" : "off";
    $("#power span").textContent = kiosk.running ? `running: ${kiosk.screen || "…"}` : "not running";
    $("#sells").textContent = !kiosk.running ? "" : kiosk.sells ? "ready to sell" : "not selling";
    $("#kill").disabled = !kiosk.running;
    $("#start").disabled = kiosk.running || !kiosk.stands;
    if (!kiosk.stands) veil(kiosk.problem || "Building the kiosk …");
    else if (kiosk.running) veil("");
    else veil(kiosk.problem ? `The daemon has ended; its log says:\n${kiosk.problem}` : "The daemon does not run; the screen keeps its last picture.\nStart: Z", !kiosk.problem);
  },

  wallet(cards) {
    fill($(".cards"), cards.map((card, at) => cardOf(card, ...(at < 9 ? [make("kbd", {}, `⇧${at + 1}`)] : []))));
    for (const [at, button] of [...$(".cards").children].entries()) button.onclick = () => useCard(cards[at]);
    const lying = cards.find((card) => card.lies), well = $("#reader .well");
    well.classList.toggle("full", Boolean(lying));
    fill(well, lying ? [cardOf(lying)] : ["the reader is empty"]);
  },

  cash(cash) {
    const coins = MONEY.map((value) => make("button", {
      class: (value < 1000 ? `coin y${value}` : "bill") + (cash.accepting.includes(value) ? " taken" : ""),
      title: `Insert ${value} yen (${KEY_OF_MONEY[value]})${cash.accepting.includes(value) ? "" : ": not taken now, falls through"}`,
      "data-yen": value,
    }, String(value)));
    fill($(".money"), coins);
    for (const coin of $(".money").querySelectorAll("button")) coin.onclick = () => act("insert", { value: Number(coin.dataset.yen) });
    const tray = $("#coins .tray");
    tray.classList.toggle("full", cash.tray.length > 0);
    fill(tray, cash.tray.length ? cash.tray.map((value) => make("span", { class: "mini" }, String(value))) : ["return tray"]);
    $(".escrow").textContent = cash.escrow ? `in escrow: ${cash.escrow} yen` : "";
    $(".stacker").textContent = `stacker: ${cash.stacker}`;
    $(".box").textContent = `cash box: ${cash.box} yen`;
    fill($(".tubes"), cash.hoppers.map((hopper) => make("button", {
      class: "tube" + (hopper.swapped ? " swapped" : ""), "data-hopper": hopper.address, "aria-pressed": String(hopper.jammed),
      title: `Hopper ${hopper.address}: ${hopper.coins} coins of ${hopper.value} yen. A click jams it, or clears it; with Shift another unit takes its place, or the old one comes back.`,
    }, make("meter", { min: 0, max: TUBE, low: LOW, value: hopper.coins }), make("b", {}, `${hopper.value} yen`), make("span", {}, hopper.jammed ? "jammed" : String(hopper.coins)))));
    for (const tube of $(".tubes").children) tube.onclick = (event) => {
      const hopper = Number(tube.dataset.hopper);
      if (event.shiftKey) act("swap", { address: hopper });
      else act("jam", { hopper, on: tube.getAttribute("aria-pressed") !== "true" });
    };
    pressed($("#cut"), !cash.line);
    $("#cut").textContent = cash.line ? "Cut the line" : "Line is cut";
    pressed($("#swap"), cash.swapped);
  },

  paper(paper) {
    const well = $("#paper .well");
    well.classList.toggle("full", paper.tray.length > 0);
    const sheets = paper.tray.slice(-SHOWN).map((id) => make("img", { src: sheet(id), alt: `sheet ${id}` }));
    fill(well, sheets.length ? [...sheets, make("b", {}, `${paper.tray.length} to take`)] : ["no sheet in the tray"]);
    $("#paper small").textContent = `${paper.left} left` + (paper.ruined ? `, ${paper.ruined} ruined` : "");
    pressed($("#sensor"), paper.sensor);
    $("#sensor").textContent = paper.sensor ? "Sensor: paper" : "Sensor: empty";
  },

  receipts({ slot }) {
    const well = $("#receipt .well");
    well.classList.toggle("full", slot.length > 0);
    fill(well, slot.length ? slot.map((id) => make("img", { src: `receipt/${id}.png`, alt: "receipt" })) : ["no receipt"]);
  },

  cabinet(cabinet) {
    for (const slot of document.querySelectorAll("[data-lamp]")) slot.classList.toggle("lit", cabinet.lamps.includes(slot.dataset.lamp));
    pressed($("#door"), cabinet.door);
    $("#door").textContent = cabinet.door ? "Door open" : "Door shut";
    pressed($("#key"), cabinet.key);
    $("#key").textContent = cabinet.key ? "Key turned" : "Key";
  },

  voice(said) {
    const last = said.at(-1);
    $(".said").textContent = last ? `「${last.text}」` : "–";
    $("#speaker .key").textContent = last ? `${last.language} ${last.key}` : "";
    if (last && heard !== null && last.n > heard && sound) say(last);
    heard = last ? last.n : 0;
  },

  hand(hand) {
    const things = [
      ...hand.sheets.map((id) => make("button", { title: `Certificate ${id}: a click shows it`, "data-sheet": id }, make("img", { src: sheet(id), alt: `certificate ${id}` }))),
      ...hand.receipts.map((id) => make("button", { title: "Receipt: a click shows it", "data-receipt": id }, make("img", { src: `receipt/${id}.png`, alt: "receipt" }))),
    ];
    fill($("#hand .things"), things);
    for (const thing of $("#hand .things").children) thing.onclick = () => look(thing.dataset);
    const yen = hand.money.reduce((sum, value) => sum + value, 0);
    fill($(".purse"), yen ? [`${yen} yen back: `, ...hand.money.map((value) => make("span", { class: "mini" }, String(value)))] : []);
  },

  faults({ injected, reported }) {
    $("#told").textContent = reported.map((fault) => fault.code).join(", ");
    for (const button of document.querySelectorAll(".fault")) {
      pressed(button, injected.includes(button.dataset.code));
      button.classList.toggle("reported", reported.some((fault) => fault.code === button.dataset.code));
    }
    for (const group of document.querySelectorAll("#faults details")) {
      const on = group.querySelectorAll("[aria-pressed=true]").length;
      $("b", group).textContent = on ? ` ${on} injected` : "";
    }
  },

  cases(cases) {
    $("#cases").hidden = !cases.length;
    fill($("#cases .list"), cases.map(({ case: name, kind }) => make("div", { class: "case", "data-case": name, "data-kind": kind },
      make("strong", {}, kind), make("code", {}, name),
      ...(kind === "in-doubt" ? [["delivered", "It was printed"], ["missing", "It was not"]] : [["", "Settle"]])
        .map(([tray, text]) => make("button", { "data-tray": tray }, text)))));
    for (const button of $("#cases .list").querySelectorAll("button"))
      button.onclick = () => act("resolve", { ...button.parentElement.dataset, tray: button.dataset.tray });
  },

  journal(lines) {
    const list = $("#journal ol");
    const atEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 30;
    fill(list, lines.map(entry));
    if (atEnd) list.scrollTop = list.scrollHeight;
  },

  recording(recording) {
    recorded ||= recording;
    pressed($("#record"), recording);
    $("#record").textContent = recording ? "■ Stop" : "● Record";
  },

  script(text) {
    $("#script pre").textContent = text;
    if (text && recorded) $("#script").showModal(); // not for somebody who comes later
  },
};

function entry({ seq, at, event, data }) {
  const kind = unchanging.events[event] ?? { priority: 6, meaning: "" };
  const told = Object.entries(data).filter(([, value]) => value !== "" && value !== null);
  const words = told.map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`);
  const fields = words.map((word) => word.replace(/\b[0-9a-f]{20,}\b/g, (id) => `${id.slice(0, 8)}…`));
  if (event === "device.changed" && !data.code) fields.push("well");
  const begins = event === "session.started" || event === "boot.started" ? " begins" : "";
  return make("li", { class: `p${kind.priority}${begins}`, title: [kind.meaning, ...words].join("\n"), "data-seq": seq, "data-event": event },
    make("time", {}, at.slice(11, 19)), make("div", {}, make("b", {}, event), " ", make("span", {}, fields.join("  "))));
}

function cardOf(card, ...more) {
  return make("div", { class: "card" + (card.lies ? " lies" : ""), role: "button", tabindex: 0, "data-card": card.key, title: card.pin ? `PIN ${card.pin}` : "no PIN" },
    ...more, make("b", {}, card.name || card.key), make("span", {}, card.shows), make("span", {}, card.pin ? `PIN ${card.pin}` : "no PIN"));
}

const sheet = (id, side = "front") => `sheet/${encodeURIComponent(id)}/${side}.png`;

function veil(text, light = false) {
  $("#veil").hidden = !text;
  $("#veil p").textContent = text;
  $("#veil").style.opacity = light ? 0.85 : 1;
}

function notice(text) {
  const note = make("p", {}, text);
  $("#notices").append(note);
  setTimeout(() => note.remove(), 2500 + text.length * 40);
}

// ---------------------------------------------------------------- what is done

function useCard(card) {
  if (card.lies) act("lift");
  else act("place", { card: card.key });
}

function say({ language, key, clip }) {
  speaker?.pause();
  if (!clip) return;
  speaker = new Audio(`voice/${language}/${key}.ogg`);
  speaker.onplaying = () => $("#speaker").classList.add("speaking");
  speaker.onended = speaker.onpause = () => $("#speaker").classList.remove("speaking");
  speaker.play().catch(() => {}); // a browser plays nothing before the first click on the page
}

/** data: {sheet: id} or {receipt: id} */
function look({ sheet: id, receipt }) {
  const viewer = $("#viewer"), image = $("img", viewer), turn = $(".turn", viewer);
  let side = "front";
  const draw = () => {
    image.src = id ? sheet(id, side) : `receipt/${receipt}.png`;
    $("strong", viewer).textContent = id ? `${id} · ${side}` : "Receipt";
  };
  image.className = "";
  image.onclick = () => image.classList.toggle("large");
  turn.hidden = $(".prove", viewer).hidden = !id;
  $(".prove", viewer).onclick = async () => {
    viewer.close();
    checkScan(await (await fetch(sheet(id, "back"))).blob(), `${id}, as a scan of its back`);
  };
  turn.onclick = () => { side = side === "front" ? "back" : "front"; draw(); };
  draw();
  viewer.showModal();
}

let finger = false;
const pixel = (event) => {
  const box = canvas.getBoundingClientRect();
  const at = (value, size, most) => Math.min(most - 1, Math.max(0, Math.round((value / size) * most)));
  return { x: at(event.clientX - box.left, box.width, canvas.width), y: at(event.clientY - box.top, box.height, canvas.height) };
};
canvas.onpointerdown = (event) => { finger = true; canvas.setPointerCapture(event.pointerId); act("touch", { ...pixel(event), down: true }); };
canvas.onpointerup = canvas.onpointercancel = (event) => { if (finger) act("touch", { ...pixel(event), down: false }); finger = false; };

const click = {
  "#kill": () => act("kill"),
  "#start": () => act("start"),
  "#lever": () => act("lever"),
  "#cut": () => known.cash?.line ? act("disturb", { what: "line cut" }) : act("plug"),
  "#swap": () => act("swap", { address: known.cash.acceptor }),
  "#coins .tray": () => act("take", { what: "money" }),
  "#paper .well": () => act("take", { what: "paper" }),
  "#receipt .well": () => act("take", { what: "receipt" }),
  "#reader .well": () => act("lift"),
  "#door": () => act("door", { open: !known.cabinet?.door }),
  "#key": () => act("key", { on: !known.cabinet?.key }),
  "#sensor": () => act("sensor", { paper: !known.paper?.sensor }),
  "#record": () => act("record", { on: !known.recording }),
  "#sound": () => { sound = !sound; pressed($("#sound"), sound); $("#sound").textContent = sound ? "Sound on" : "Sound off"; if (!sound) speaker?.pause(); },
  "#verify": offerToCheck,
  "#help": () => $("#shortcuts").showModal(),
  "#speaker": () => { const last = known.voice?.at(-1); if (last) say(last); },
  "#script .copy": () => navigator.clipboard.writeText($("#script pre").textContent).then(() => notice("Copied."), () => notice("The browser does not let this page copy: select the text instead.")),
};
for (const [selector, does] of Object.entries(click)) $(selector).onclick = does;
for (const button of document.querySelectorAll("[data-disturb]")) button.onclick = () => act("disturb", { what: button.dataset.disturb });
for (const button of document.querySelectorAll(".shut")) button.onclick = () => button.closest("dialog").close();

const setup = $("#setup");
for (const { code, name } of unchanging.municipalities) setup.elements.municipality.append(new Option(name, code));
offerMoments(setup);
let building = 0;
setup.onchange = () => {
  const wanted = readSetup(setup);
  clearTimeout(building); // a date that is still being typed changes with every key
  if (wanted) building = setTimeout(() => act("build", wanted), setup.elements.at.hidden ? 0 : 900);
};

const groups = Object.groupBy(Object.entries(unchanging.faults), ([code]) => code.split(".")[0]);
$("#faults .list").replaceChildren(...Object.entries(groups).map(([device, faults]) =>
  make("details", {}, make("summary", {}, device, make("b")), ...faults.map(([code, fault]) => make("button", {
    class: `fault ${fault.severity}`, "data-code": code, "aria-pressed": "false",
    title: `${fault.note}\n${fault.sells ? "The kiosk goes on selling." : "The kiosk does not sell."}${fault.citizen ? `\n「${fault.citizen}」` : ""}`,
    onclick: ({ currentTarget }) => act(currentTarget.getAttribute("aria-pressed") === "true" ? "clear" : "inject", { code }),
  }, make("i"), code.split(".")[1], make("small", {}, fault.sells ? "" : "stops sales"))))));

// ---------------------------------------------------------------- keys

const KEY_OF_MONEY = { 10: "Q", 50: "W", 100: "E", 500: "R", 1000: "B" };
const button = (id) => () => { if (known.kiosk?.buttons.includes(id)) act("press", { button: id }); };
const keys = {
  "⇧1 … ⇧9": ["card 1 to 9 of the wallet on or off", (event) => /^Digit[1-9]$/.test(event.code) && event.shiftKey, (event) => { const card = known.wallet?.[Number(event.code.at(-1)) - 1]; if (card) useCard(card); }],
  "0 … 9": ["the digits of the keypad on the screen", (event) => /^[0-9]$/.test(event.key), (event) => button(`key.${event.key}`)()],
  "⏎": ["確定する", "Enter", button("confirm")],
  "⌫": ["訂正, or else 前画面へ", "Backspace", () => button(known.kiosk?.buttons.includes("key.clear") ? "key.clear" : "back")()],
  "⎋": ["終了する, 中止する", "Escape", button("quit")],
  "←": ["前画面へ", "ArrowLeft", button("back")],
  L: ["card off the reader", "l", click["#reader .well"]],
  "Q W E R": ["a coin of 10, 50, 100, 500 yen", (event) => "qwer".includes(event.key) && event.key.length === 1, (event) => act("insert", { value: MONEY["qwer".indexOf(event.key)] })],
  B: ["a bill of 1,000 yen", "b", () => act("insert", { value: 1000 })],
  V: ["return lever", "v", click["#lever"]],
  Y: ["a coin on a string", "y", () => act("disturb", { what: "coin on a string" })],
  U: ["the next reply of the coin vendor is lost", "u", () => act("disturb", { what: "reply dropped" })],
  C: ["the coin vendor's cable, out or in", "c", click["#cut"]],
  T: ["take the money", "t", click["#coins .tray"]],
  P: ["take the paper", "p", click["#paper .well"]],
  S: ["take the receipt", "s", click["#receipt .well"]],
  D: ["door", "d", click["#door"]],
  K: ["service key", "k", click["#key"]],
  A: ["the tray's sensor sees paper, or none", "a", click["#sensor"]],
  X: ["kill the daemon", "x", click["#kill"]],
  Z: ["start it again", "z", click["#start"]],
  "⇧R": ["record, or stop and show the script", (event) => event.key === "R", click["#record"]],
  N: ["check a scan of a certificate", "n", click["#verify"]],
  M: ["sound", "m", click["#sound"]],
  F: ["turn the sheet over that is looked at", "f", () => { if ($("#viewer").open) $("#viewer .turn").click(); }],
  "?": ["this list", "?", click["#help"]],
};
$("#shortcuts dl").append(...Object.entries(keys).flatMap(([key, [text]]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)]));
listen(Object.values(keys));

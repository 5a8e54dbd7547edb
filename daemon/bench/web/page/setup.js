// The form above: which municipality, when, how quick. Any change builds another kiosk.

const TOKYO = 9 * 3600 * 1000; // the kiosk's time zone, wherever the browser is: dates here are read by their UTC side
const day = (date, hour) => `${date.toISOString().slice(0, 10)} ${hour}`;

/** The next date, from today on, for which the test is true. */
function next(test) {
  const date = new Date(Date.now() + TOKYO);
  while (!test(date)) date.setUTCDate(date.getUTCDate() + 1);
  return date;
}

/** Moments worth a try, by what they are good for. */
function moments() {
  const today = next(() => true);
  const leap = next((date) => date.getUTCMonth() === 1 && date.getUTCDate() === 29);
  const newYear = next((date) => date.getUTCMonth() === 0 && date.getUTCDate() === 1);
  const sunday = next((date) => date.getUTCDay() === 0);
  return [
    ["an open hour of today", ""],
    ["a minute before closing", day(today, "22:59")],
    ["before opening", day(today, "06:29")],
    ["leap day", day(leap, "10:00")],
    ["New Year's Day", day(newYear, "10:00")],
    ["a Sunday", day(sunday, "10:00")],
    ["another moment …", "other"],
  ];
}

export function offerMoments(form) {
  form.elements.moment.replaceChildren(...moments().map(([text, value]) => new Option(text, value)));
}

/** What the form says, or null while a moment is still to be given. */
export function readSetup(form) {
  const { municipality, moment, at, speed, idle } = form.elements;
  at.hidden = moment.value !== "other";
  if (!at.hidden && !at.value) return null;
  return {
    municipality: municipality.value,
    at: at.hidden ? moment.value : at.value.replace("T", " "),
    speed: Number(speed.value),
    idle: Number(idle.value),
  };
}

/** A value that the form does not offer yet is added to it. */
function choose(select, value, text = String(value)) {
  if (![...select.options].some((option) => option.value === String(value))) select.prepend(new Option(text, value));
  select.value = String(value);
}

export function showSetup(form, bench) {
  choose(form.elements.municipality, bench.municipality);
  choose(form.elements.speed, bench.speed, `${bench.speed} ×`);
  choose(form.elements.idle, bench.idle, `${bench.idle} s`);
  if (form.elements.at.hidden) choose(form.elements.moment, bench.at);
}

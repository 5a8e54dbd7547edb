// Reads {"delay": ms, "chunks": [hex or ms, …]} and prints the frames that @serialport/parser-cctalk finds in them.
// delay: after so much silence it forgets a partial frame (0: never). A number among the chunks is a pause.

const { CCTalkParser } = require("@serialport/parser-cctalk");

const { delay, chunks } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const parser = new CCTalkParser(delay), frames = [];
parser.on("data", (frame) => frames.push(frame.toString("hex")));
parser.on("end", () => process.stdout.write(JSON.stringify(frames)));

(async () => {
  for (const chunk of chunks) {
    if (typeof chunk === "number") await new Promise((done) => setTimeout(done, chunk));
    else parser.write(Buffer.from(chunk, "hex"));
  }
  parser.end();
})();

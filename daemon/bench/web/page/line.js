// The line to the bench: sections of what is, tiles of the screen, acts of ours. It comes back by itself.

const FIRST_WAIT = 250, LONGEST_WAIT = 3000;

export class Line {
  /** on: {section(name, value), tile(x, y, bitmap), notice(text), state(open)} */
  constructor(on) {
    this.on = on;
    this.wait = FIRST_WAIT;
    this.drawing = Promise.resolve();
    this.connect();
  }

  connect() {
    const address = new URL("live", document.baseURI);
    address.protocol = "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "blob";
    this.socket.onopen = () => { this.wait = FIRST_WAIT; this.on.state(true); };
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.hear(JSON.parse(data)) : this.draw(data));
    this.socket.onclose = () => {
      this.on.state(false);
      setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    };
  }

  hear(message) {
    for (const [name, value] of Object.entries(message)) {
      if (name === "notice") this.on.notice(value);
      else this.on.section(name, value);
    }
  }

  /** Tiles are decoded as they come and drawn in their order. */
  draw(blob) {
    const decoded = blob.slice(0, 8).arrayBuffer().then(async (head) => {
      const [x, y] = [0, 2].map((at) => new DataView(head).getUint16(at));
      return { x, y, bitmap: await createImageBitmap(blob.slice(8, blob.size, "image/png")) };
    });
    this.drawing = this.drawing.then(async () => {
      const { x, y, bitmap } = await decoded;
      this.on.tile(x, y, bitmap);
    }).catch(() => {});
  }

  send(act) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(act));
    else this.on.notice("The bench is not connected.");
  }
}

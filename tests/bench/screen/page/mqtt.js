"use strict";
/* A subscriber of MQTT 3.1.1 over a WebSocket: one topic filter at QoS 1, and it comes back by itself. */

class Subscriber {
  constructor(url, clientId, filter, heard) {
    Object.assign(this, { url, clientId, filter, heard, rest: new Uint8Array(0) });
    this.connect();
  }

  connect() {
    this.rest = new Uint8Array(0);
    this.socket = new WebSocket(this.url, "mqtt");
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.send(0x10, [...text("MQTT"), 4, 2, 0, 60, ...text(this.clientId)]);
    this.socket.onmessage = (event) => this.take(new Uint8Array(event.data));
    this.socket.onclose = () => { clearInterval(this.ping); setTimeout(() => this.connect(), 1000); };
  }

  send(kind, body) {
    const size = [];
    let rest = body.length;
    do { size.push((rest & 127) | (rest > 127 ? 128 : 0)); rest >>= 7; } while (rest);
    this.socket.send(new Uint8Array([kind, ...size, ...body]));
  }

  take(chunk) {
    let data = chunk;
    if (this.rest.length) {
      data = new Uint8Array(this.rest.length + chunk.length);
      data.set(this.rest);
      data.set(chunk, this.rest.length);
    }
    let at = 0;
    for (let packet; (packet = frame(data, at)); at = packet.end) this.understand(data[at], data.subarray(packet.start, packet.end));
    this.rest = data.slice(at);
  }

  understand(first, body) {
    switch (first >> 4) {
      case 2:
        this.send(0x82, [0, 1, ...text(this.filter), 1]);
        this.ping = setInterval(() => this.send(0xc0, []), 30000);
        break;
      case 3: {
        let at = 2 + (body[0] << 8) + body[1];
        const topic = decoder.decode(body.subarray(2, at));
        if (first & 6) { this.send(0x40, [body[at], body[at + 1]]); at += 2; }
        this.heard(topic, decoder.decode(body.subarray(at)));
      }
    }
  }
}

const encoder = new TextEncoder(), decoder = new TextDecoder();

function text(words) {
  const bytes = encoder.encode(words);
  return [bytes.length >> 8, bytes.length & 255, ...bytes];
}

/* Where the body of the packet that begins there starts and ends; null while it is not whole. */
function frame(data, at) {
  let size = 0, start = at + 1;
  for (let shift = 0; ; shift += 7) {
    if (start >= data.length) return null;
    const byte = data[start++];
    size |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  return start + size <= data.length ? { start, end: start + size } : null;
}

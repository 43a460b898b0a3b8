// One connection of a call: this end offers, and sends its offer whole.
const GATHER_MS = 1000;
const LOOK_MS = 1000;
const BROKEN_AFTER_MS = 3000;
const GONE_AFTER_MS = 7000;
const POOR_LOSS = 0.05;
const VIDEO_BITS_S = 1_200_000;

function preferVp8(transceiver) {
  const codecs = RTCRtpReceiver.getCapabilities?.("video")?.codecs;
  if (!codecs || !transceiver.setCodecPreferences) return;
  const isVp8 = (codec) => codec.mimeType.toLowerCase() === "video/vp8";
  transceiver.setCodecPreferences([...codecs.filter(isVp8), ...codecs.filter((codec) => !isVp8(codec))]);
}

// Sound comes before picture on a bad line.
async function bound(sender, change) {
  try {
    const parameters = sender.getParameters();
    if (!parameters.encodings?.length) return;
    Object.assign(parameters.encodings[0], change);
    await sender.setParameters(parameters);
  } catch {
    // An older browser sends as it likes.
  }
}

export class Peer {
  constructor(iceServers, local, { onPicture, onGone, onQuality, onBroken = () => {} }) {
    this.remote = new MediaStream();
    this.accepted = false;
    this.connection = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.onGone = onGone;
    this.onQuality = onQuality;
    this.onBroken = onBroken;
    const streams = [local];
    const [sound] = local.getAudioTracks();
    const [picture] = local.getVideoTracks();
    this.sound = this.connection.addTransceiver(sound, { direction: "sendrecv", streams });
    this.picture = this.connection.addTransceiver(picture ?? "video", {
      direction: picture ? "sendrecv" : "recvonly",
      streams,
    });
    preferVp8(this.picture);
    this.connection.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      onPicture(this.remote);
    };
    this.connection.onconnectionstatechange = () => {
      if (this.connection.connectionState === "failed") this.onGone();
    };
  }

  async offer() {
    await this.connection.setLocalDescription();
    await new Promise((resolve) => {
      const done = () => this.connection.iceGatheringState === "complete" && resolve();
      this.connection.addEventListener("icegatheringstatechange", done);
      setTimeout(resolve, GATHER_MS);
      done();
    });
    return this.connection.localDescription.sdp;
  }

  async accept(sdp) {
    if (this.accepted) return;
    this.accepted = true;
    await this.connection.setRemoteDescription({ type: "answer", sdp });
    bound(this.sound.sender, { networkPriority: "high", priority: "high" });
    if (this.picture.sender.track) bound(this.picture.sender, { maxBitrate: VIDEO_BITS_S });
    this.heardAt = performance.now();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  // Whether anything still comes, and how well.
  async look() {
    let bytes = 0;
    let lost = 0;
    let packets = 0;
    for (const report of (await this.connection.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      bytes += report.bytesReceived;
      lost += report.packetsLost;
      packets += report.packetsReceived;
    }
    const now = performance.now();
    if (bytes > (this.bytes ?? 0)) this.heardAt = now;
    const came = packets - (this.packets ?? 0);
    const missing = Math.max(0, lost - (this.lost ?? 0));
    this.onQuality(now - this.heardAt > 2000 || missing > POOR_LOSS * (came + missing) ? "poor" : "good");
    Object.assign(this, { bytes, lost, packets });
    if (now - this.heardAt > BROKEN_AFTER_MS) this.onBroken();
    if (now - this.heardAt > GONE_AFTER_MS) this.onGone();
  }

  close() {
    clearInterval(this.timer);
    this.onGone = this.onBroken = () => {};
    this.connection.close();
  }
}

// This end's microphone and camera; without a camera it is a call by voice.
import { Refused, words } from "./desk.js";

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 }, facingMode: "user" };

// ``{stream, notice}``: what is missing, in words. Refused where there is not even a microphone.
export async function own() {
  if (!navigator.mediaDevices) throw new Refused(words.no_secure);
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ audio: SOUND, video: PICTURE }), notice: "" };
  } catch {
    // It may be the camera alone.
  }
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ audio: SOUND }), notice: words.no_camera };
  } catch {
    throw new Refused(words.no_microphone);
  }
}

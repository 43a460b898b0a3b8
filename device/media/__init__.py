"""The call process: one WebRTC end point a call, apart from everything that must not fail (K3)."""

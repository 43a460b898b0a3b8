"""The call process: one WebRTC endpoint a call, isolated from everything that must not fail (K3)."""

"""The café's table and the desk's meetings on the device: asked, in, out, and never in the way of help."""

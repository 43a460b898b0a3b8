"""Hardware: ports named after things, one adapter a file. Imports nothing of ours."""

"""One module a page: what stands where. Pure: a Screen in, a Scene out; no window is needed."""

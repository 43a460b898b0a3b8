"""The layout of each page, one module a page. Pure: a Screen in, a Scene out, without a window."""

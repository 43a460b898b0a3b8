"""Calls in real browsers. Only where this file is do fixtures of a package end with it."""

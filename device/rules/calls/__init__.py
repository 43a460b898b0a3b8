"""Calls: who may ring, the resident's decision, and their end (V8, V11, V12, V14, V21-V23, K5).

At most one at a time; help takes precedence over all of them; no call exceeds its limit.
"""

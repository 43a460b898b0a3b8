"""Calls: who may ring, what the resident decides, and when it ends (V8, V11, V12, V14, V21-V23, K5).

Never two at once; help comes before all of them; no call outlives its limit.
"""

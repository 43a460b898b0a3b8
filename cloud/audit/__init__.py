"""The audit log: who changed what, from which value to which (K20)."""

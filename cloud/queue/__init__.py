"""The customer-service queue: a resident asks, an agent answers, by text or by video (Q1-Q10)."""

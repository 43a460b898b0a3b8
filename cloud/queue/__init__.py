"""The customer-service queue: a resident asks, a person answers, by text or by video (Q1-Q10)."""

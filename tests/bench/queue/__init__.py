"""Measures the customer-service queue on real parts: broker, link worker, pages, simulated residents."""

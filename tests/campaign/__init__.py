"""Help requests under random faults: a street of homes, one care desk, and bad weather."""

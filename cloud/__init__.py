"""The care desk: where nurses, relatives and administrators reach the residents' screens."""

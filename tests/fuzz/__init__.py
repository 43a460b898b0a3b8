"""Wrong input by the thousand, for everything that reads what comes from outside."""

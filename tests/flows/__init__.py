"""Stories in a whole home. Only where this file is do fixtures of a package end with it."""

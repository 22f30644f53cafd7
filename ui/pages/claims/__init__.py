"""补贴: the claim of a class, and all claims of the institution."""

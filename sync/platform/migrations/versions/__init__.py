"""One module a schema, each with a human name."""

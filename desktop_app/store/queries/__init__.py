"""Read-only lists for screens: one module per noun, plain SQL, list items out."""

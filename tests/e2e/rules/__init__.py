"""One end-to-end case per rule of the notice."""

"""Changes cells inside an .xlsx and leaves everything else in it as it is, byte for byte."""

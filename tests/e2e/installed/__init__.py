"""Takes the built program through its paces: ``python -m tests.e2e.installed FOLDER``."""
